package org.tessera.gdal.binding;

import static org.tessera.gdal.binding.CFunction.DOUBLE;
import static org.tessera.gdal.binding.CFunction.INT;
import static org.tessera.gdal.binding.CFunction.LONG;
import static org.tessera.gdal.binding.CFunction.PTR;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * libgdal 3.6 or newer. The fields are its C functions under shorter names; the C name stands
 * beside each. An instance belongs to one thread.
 *
 * <p>Null pointers come back as {@link MemorySegment#NULL}. C strings are UTF-8. A "list" is GDAL's
 * {@code char**} that ends with a null pointer ({@code CSL}).
 */
public final class GdalLibrary {
  public final CFunction registerAll;
  public final CFunction versionInfo;
  public final CFunction driverCount;
  public final CFunction driver;
  public final CFunction driverByName;
  public final CFunction deregisterDriver;
  public final CFunction registerDriver;
  public final CFunction driverShortName;
  public final CFunction driverLongName;
  public final CFunction setCacheMax;
  public final CFunction setConfigOption;
  public final CFunction errorReset;
  public final CFunction lastErrorType;
  public final CFunction lastErrorMessage;
  public final CFunction setErrorHandler;
  public final CFunction free;
  public final CFunction fileOpen;
  public final CFunction fileRead;
  public final CFunction fileClose;
  public final CFunction listDestroy;
  public final CFunction metadata;
  public final CFunction metadataItem;
  public final CFunction metadataDomains;
  public final CFunction setMetadata;
  public final CFunction description;
  public final CFunction setDescription;
  public final CFunction openEx;
  public final CFunction close;
  public final CFunction flushCache;
  public final CFunction create;
  public final CFunction createCopy;
  public final CFunction addBand;
  public final CFunction datasetDriver;
  public final CFunction rasterXSize;
  public final CFunction rasterYSize;
  public final CFunction rasterCount;
  public final CFunction rasterBand;
  public final CFunction geoTransform;
  public final CFunction setGeoTransform;
  public final CFunction spatialRef;
  public final CFunction setSpatialRef;
  public final CFunction gcpCount;
  public final CFunction gcpSpatialRef;
  public final CFunction gcps;
  public final CFunction fileList;
  public final CFunction datasetRasterIo;
  public final CFunction bandType;
  public final CFunction bandXSize;
  public final CFunction bandYSize;
  public final CFunction blockSize;
  public final CFunction noData;
  public final CFunction noDataInt64;
  public final CFunction noDataUInt64;
  public final CFunction setNoData;
  public final CFunction colorInterpretation;
  public final CFunction setColorInterpretation;
  public final CFunction colorInterpretationName;
  public final CFunction colorInterpretationByName;
  public final CFunction colorTable;
  public final CFunction colorEntryCount;
  public final CFunction colorEntry;
  public final CFunction createColorTable;
  public final CFunction destroyColorTable;
  public final CFunction setColorEntry;
  public final CFunction setColorTable;
  public final CFunction scale;
  public final CFunction offset;
  public final CFunction setScale;
  public final CFunction setOffset;
  public final CFunction unit;
  public final CFunction setUnit;
  public final CFunction maskFlags;
  public final CFunction overviewCount;
  public final CFunction overview;
  public final CFunction srsNew;
  public final CFunction srsDestroy;
  public final CFunction srsSetFromUserInput;
  public final CFunction srsExportToWkt;
  public final CFunction srsAuthorityName;
  public final CFunction srsAuthorityCode;
  public final CFunction srsClone;
  public final CFunction srsAutoIdentify;
  public final CFunction srsFindMatches;
  public final CFunction srsFreeArray;
  public final CFunction srsSetAxisMappingStrategy;
  public final CFunction srsAxisMapping;
  public final CFunction srsIsGeographic;
  public final CFunction srsName;
  public final CFunction rootGroup;
  public final CFunction groupRelease;
  public final CFunction groupName;
  public final CFunction groupFullName;
  public final CFunction groupArrayNames;
  public final CFunction groupOpenArray;
  public final CFunction groupOpenArrayByPath;
  public final CFunction groupGroupNames;
  public final CFunction groupOpenGroup;
  public final CFunction groupAttributes;
  public final CFunction groupDimensions;
  public final CFunction groupCreateDimension;
  public final CFunction groupCreateArray;
  public final CFunction groupCreateAttribute;
  public final CFunction releaseAttributes;
  public final CFunction releaseDimensions;
  public final CFunction releaseArrays;
  public final CFunction arrayRelease;
  public final CFunction arrayName;
  public final CFunction arrayFullName;
  public final CFunction arrayDimensions;
  public final CFunction arrayDataType;
  public final CFunction arrayRead;
  public final CFunction arrayWrite;
  public final CFunction arrayAttributes;
  public final CFunction arrayCreateAttribute;
  public final CFunction arrayUnit;
  public final CFunction arraySetUnit;
  public final CFunction arrayRawNoData;
  public final CFunction arrayNoData;
  public final CFunction arrayNoDataInt64;
  public final CFunction arraySetRawNoData;
  public final CFunction arrayScale;
  public final CFunction arrayOffset;
  public final CFunction arraySetScale;
  public final CFunction arraySetOffset;
  public final CFunction arraySpatialRef;
  public final CFunction arraySetSpatialRef;
  public final CFunction arrayCoordinateVariables;
  public final CFunction arrayBlockSize;
  public final CFunction dimensionName;
  public final CFunction dimensionFullName;
  public final CFunction dimensionType;
  public final CFunction dimensionDirection;
  public final CFunction dimensionSize;
  public final CFunction dimensionIndexing;
  public final CFunction dimensionSetIndexing;
  public final CFunction dimensionRelease;
  public final CFunction attributeName;
  public final CFunction attributeDataType;
  public final CFunction attributeDimensionSizes;
  public final CFunction attributeStrings;
  public final CFunction attributeDoubles;
  public final CFunction attributeRaw;
  public final CFunction attributeFreeRaw;
  public final CFunction attributeWriteString;
  public final CFunction attributeWriteStrings;
  public final CFunction attributeWriteRaw;
  public final CFunction attributeRelease;
  public final CFunction typeCreate;
  public final CFunction typeCreateString;
  public final CFunction typeRelease;
  public final CFunction typeClass;
  public final CFunction typeNumeric;
  public final CFunction createMultiDimensional;
  public final CFunction warpOptionsNew;
  public final CFunction warpOptionsFree;
  public final CFunction warp;
  public final CFunction warpedView;

  private GdalLibrary(SymbolLookup library) {
    registerAll = new CFunction(library, "GDALAllRegister", (MemoryLayout) null);
    versionInfo = new CFunction(library, "GDALVersionInfo", PTR, PTR);
    driverCount = new CFunction(library, "GDALGetDriverCount", INT);
    driver = new CFunction(library, "GDALGetDriver", PTR, INT);
    driverByName = new CFunction(library, "GDALGetDriverByName", PTR, PTR);
    registerDriver = new CFunction(library, "GDALRegisterDriver", INT, PTR);
    deregisterDriver = new CFunction(library, "GDALDeregisterDriver", (MemoryLayout) null, PTR);
    driverShortName = new CFunction(library, "GDALGetDriverShortName", PTR, PTR);
    driverLongName = new CFunction(library, "GDALGetDriverLongName", PTR, PTR);
    setCacheMax = new CFunction(library, "GDALSetCacheMax64", (MemoryLayout) null, LONG);
    setConfigOption = new CFunction(library, "CPLSetConfigOption", (MemoryLayout) null, PTR, PTR);
    errorReset = new CFunction(library, "CPLErrorReset", (MemoryLayout) null);
    lastErrorType = new CFunction(library, "CPLGetLastErrorType", INT);
    lastErrorMessage = new CFunction(library, "CPLGetLastErrorMsg", PTR);
    setErrorHandler = new CFunction(library, "CPLSetErrorHandler", PTR, PTR);
    free = new CFunction(library, "VSIFree", (MemoryLayout) null, PTR);
    fileOpen = new CFunction(library, "VSIFOpenL", PTR, PTR, PTR);
    fileRead = new CFunction(library, "VSIFReadL", LONG, PTR, LONG, LONG, PTR);
    fileClose = new CFunction(library, "VSIFCloseL", INT, PTR);
    listDestroy = new CFunction(library, "CSLDestroy", (MemoryLayout) null, PTR);
    metadata = new CFunction(library, "GDALGetMetadata", PTR, PTR, PTR);
    metadataItem = new CFunction(library, "GDALGetMetadataItem", PTR, PTR, PTR, PTR);
    metadataDomains = new CFunction(library, "GDALGetMetadataDomainList", PTR, PTR);
    setMetadata = new CFunction(library, "GDALSetMetadata", INT, PTR, PTR, PTR);
    description = new CFunction(library, "GDALGetDescription", PTR, PTR);
    setDescription = new CFunction(library, "GDALSetDescription", (MemoryLayout) null, PTR, PTR);
    openEx = new CFunction(library, "GDALOpenEx", PTR, PTR, INT, PTR, PTR, PTR);
    close = new CFunction(library, "GDALClose", (MemoryLayout) null, PTR);
    flushCache = new CFunction(library, "GDALFlushCache", (MemoryLayout) null, PTR);
    create = new CFunction(library, "GDALCreate", PTR, PTR, PTR, INT, INT, INT, INT, PTR);
    createCopy = new CFunction(library, "GDALCreateCopy", PTR, PTR, PTR, PTR, INT, PTR, PTR, PTR);
    addBand = new CFunction(library, "GDALAddBand", INT, PTR, INT, PTR);
    datasetDriver = new CFunction(library, "GDALGetDatasetDriver", PTR, PTR);
    rasterXSize = new CFunction(library, "GDALGetRasterXSize", INT, PTR);
    rasterYSize = new CFunction(library, "GDALGetRasterYSize", INT, PTR);
    rasterCount = new CFunction(library, "GDALGetRasterCount", INT, PTR);
    rasterBand = new CFunction(library, "GDALGetRasterBand", PTR, PTR, INT);
    geoTransform = new CFunction(library, "GDALGetGeoTransform", INT, PTR, PTR);
    setGeoTransform = new CFunction(library, "GDALSetGeoTransform", INT, PTR, PTR);
    spatialRef = new CFunction(library, "GDALGetSpatialRef", PTR, PTR);
    setSpatialRef = new CFunction(library, "GDALSetSpatialRef", INT, PTR, PTR);
    gcpCount = new CFunction(library, "GDALGetGCPCount", INT, PTR);
    gcpSpatialRef = new CFunction(library, "GDALGetGCPSpatialRef", PTR, PTR);
    gcps = new CFunction(library, "GDALGetGCPs", PTR, PTR);
    fileList = new CFunction(library, "GDALGetFileList", PTR, PTR);
    datasetRasterIo =
        new CFunction(
            library,
            "GDALDatasetRasterIOEx",
            INT,
            PTR,
            INT,
            INT,
            INT,
            INT,
            INT,
            PTR,
            INT,
            INT,
            INT,
            INT,
            PTR,
            LONG,
            LONG,
            LONG,
            PTR);
    bandType = new CFunction(library, "GDALGetRasterDataType", INT, PTR);
    bandXSize = new CFunction(library, "GDALGetRasterBandXSize", INT, PTR);
    bandYSize = new CFunction(library, "GDALGetRasterBandYSize", INT, PTR);
    blockSize = new CFunction(library, "GDALGetBlockSize", (MemoryLayout) null, PTR, PTR, PTR);
    noData = new CFunction(library, "GDALGetRasterNoDataValue", DOUBLE, PTR, PTR);
    noDataInt64 = new CFunction(library, "GDALGetRasterNoDataValueAsInt64", LONG, PTR, PTR);
    noDataUInt64 = new CFunction(library, "GDALGetRasterNoDataValueAsUInt64", LONG, PTR, PTR);
    setNoData = new CFunction(library, "GDALSetRasterNoDataValue", INT, PTR, DOUBLE);
    colorInterpretation = new CFunction(library, "GDALGetRasterColorInterpretation", INT, PTR);
    setColorInterpretation =
        new CFunction(library, "GDALSetRasterColorInterpretation", INT, PTR, INT);
    colorInterpretationName = new CFunction(library, "GDALGetColorInterpretationName", PTR, INT);
    colorInterpretationByName =
        new CFunction(library, "GDALGetColorInterpretationByName", INT, PTR);
    colorTable = new CFunction(library, "GDALGetRasterColorTable", PTR, PTR);
    colorEntryCount = new CFunction(library, "GDALGetColorEntryCount", INT, PTR);
    colorEntry = new CFunction(library, "GDALGetColorEntry", PTR, PTR, INT);
    createColorTable = new CFunction(library, "GDALCreateColorTable", PTR, INT);
    destroyColorTable = new CFunction(library, "GDALDestroyColorTable", (MemoryLayout) null, PTR);
    setColorEntry = new CFunction(library, "GDALSetColorEntry", (MemoryLayout) null, PTR, INT, PTR);
    setColorTable = new CFunction(library, "GDALSetRasterColorTable", INT, PTR, PTR);
    scale = new CFunction(library, "GDALGetRasterScale", DOUBLE, PTR, PTR);
    offset = new CFunction(library, "GDALGetRasterOffset", DOUBLE, PTR, PTR);
    setScale = new CFunction(library, "GDALSetRasterScale", INT, PTR, DOUBLE);
    setOffset = new CFunction(library, "GDALSetRasterOffset", INT, PTR, DOUBLE);
    unit = new CFunction(library, "GDALGetRasterUnitType", PTR, PTR);
    setUnit = new CFunction(library, "GDALSetRasterUnitType", INT, PTR, PTR);
    maskFlags = new CFunction(library, "GDALGetMaskFlags", INT, PTR);
    overviewCount = new CFunction(library, "GDALGetOverviewCount", INT, PTR);
    overview = new CFunction(library, "GDALGetOverview", PTR, PTR, INT);
    srsNew = new CFunction(library, "OSRNewSpatialReference", PTR, PTR);
    srsDestroy = new CFunction(library, "OSRDestroySpatialReference", (MemoryLayout) null, PTR);
    srsSetFromUserInput = new CFunction(library, "OSRSetFromUserInput", INT, PTR, PTR);
    srsExportToWkt = new CFunction(library, "OSRExportToWktEx", INT, PTR, PTR, PTR);
    srsAuthorityName = new CFunction(library, "OSRGetAuthorityName", PTR, PTR, PTR);
    srsAuthorityCode = new CFunction(library, "OSRGetAuthorityCode", PTR, PTR, PTR);
    srsClone = new CFunction(library, "OSRClone", PTR, PTR);
    srsAutoIdentify = new CFunction(library, "OSRAutoIdentifyEPSG", INT, PTR);
    srsFindMatches = new CFunction(library, "OSRFindMatches", PTR, PTR, PTR, PTR, PTR);
    srsFreeArray = new CFunction(library, "OSRFreeSRSArray", (MemoryLayout) null, PTR);
    srsSetAxisMappingStrategy =
        new CFunction(library, "OSRSetAxisMappingStrategy", (MemoryLayout) null, PTR, INT);
    srsAxisMapping = new CFunction(library, "OSRGetDataAxisToSRSAxisMapping", PTR, PTR, PTR);
    srsIsGeographic = new CFunction(library, "OSRIsGeographic", INT, PTR);
    srsName = new CFunction(library, "OSRGetName", PTR, PTR);
    rootGroup = new CFunction(library, "GDALDatasetGetRootGroup", PTR, PTR);
    groupRelease = new CFunction(library, "GDALGroupRelease", (MemoryLayout) null, PTR);
    groupName = new CFunction(library, "GDALGroupGetName", PTR, PTR);
    groupFullName = new CFunction(library, "GDALGroupGetFullName", PTR, PTR);
    groupArrayNames = new CFunction(library, "GDALGroupGetMDArrayNames", PTR, PTR, PTR);
    groupOpenArray = new CFunction(library, "GDALGroupOpenMDArray", PTR, PTR, PTR, PTR);
    groupOpenArrayByPath =
        new CFunction(library, "GDALGroupOpenMDArrayFromFullname", PTR, PTR, PTR, PTR);
    groupGroupNames = new CFunction(library, "GDALGroupGetGroupNames", PTR, PTR, PTR);
    groupOpenGroup = new CFunction(library, "GDALGroupOpenGroup", PTR, PTR, PTR, PTR);
    groupAttributes = new CFunction(library, "GDALGroupGetAttributes", PTR, PTR, PTR, PTR);
    groupDimensions = new CFunction(library, "GDALGroupGetDimensions", PTR, PTR, PTR, PTR);
    groupCreateDimension =
        new CFunction(library, "GDALGroupCreateDimension", PTR, PTR, PTR, PTR, PTR, LONG, PTR);
    groupCreateArray =
        new CFunction(library, "GDALGroupCreateMDArray", PTR, PTR, PTR, LONG, PTR, PTR, PTR);
    groupCreateAttribute =
        new CFunction(library, "GDALGroupCreateAttribute", PTR, PTR, PTR, LONG, PTR, PTR, PTR);
    releaseAttributes =
        new CFunction(library, "GDALReleaseAttributes", (MemoryLayout) null, PTR, LONG);
    releaseDimensions =
        new CFunction(library, "GDALReleaseDimensions", (MemoryLayout) null, PTR, LONG);
    releaseArrays = new CFunction(library, "GDALReleaseArrays", (MemoryLayout) null, PTR, LONG);
    arrayRelease = new CFunction(library, "GDALMDArrayRelease", (MemoryLayout) null, PTR);
    arrayName = new CFunction(library, "GDALMDArrayGetName", PTR, PTR);
    arrayFullName = new CFunction(library, "GDALMDArrayGetFullName", PTR, PTR);
    arrayDimensions = new CFunction(library, "GDALMDArrayGetDimensions", PTR, PTR, PTR);
    arrayDataType = new CFunction(library, "GDALMDArrayGetDataType", PTR, PTR);
    arrayRead =
        new CFunction(
            library, "GDALMDArrayRead", INT, PTR, PTR, PTR, PTR, PTR, PTR, PTR, PTR, LONG);
    arrayWrite =
        new CFunction(
            library, "GDALMDArrayWrite", INT, PTR, PTR, PTR, PTR, PTR, PTR, PTR, PTR, LONG);
    arrayAttributes = new CFunction(library, "GDALMDArrayGetAttributes", PTR, PTR, PTR, PTR);
    arrayCreateAttribute =
        new CFunction(library, "GDALMDArrayCreateAttribute", PTR, PTR, PTR, LONG, PTR, PTR, PTR);
    arrayUnit = new CFunction(library, "GDALMDArrayGetUnit", PTR, PTR);
    arraySetUnit = new CFunction(library, "GDALMDArraySetUnit", INT, PTR, PTR);
    arrayRawNoData = new CFunction(library, "GDALMDArrayGetRawNoDataValue", PTR, PTR);
    arrayNoData = new CFunction(library, "GDALMDArrayGetNoDataValueAsDouble", DOUBLE, PTR, PTR);
    arrayNoDataInt64 = new CFunction(library, "GDALMDArrayGetNoDataValueAsInt64", LONG, PTR, PTR);
    arraySetRawNoData = new CFunction(library, "GDALMDArraySetRawNoDataValue", INT, PTR, PTR);
    arrayScale = new CFunction(library, "GDALMDArrayGetScale", DOUBLE, PTR, PTR);
    arrayOffset = new CFunction(library, "GDALMDArrayGetOffset", DOUBLE, PTR, PTR);
    arraySetScale = new CFunction(library, "GDALMDArraySetScale", INT, PTR, DOUBLE);
    arraySetOffset = new CFunction(library, "GDALMDArraySetOffset", INT, PTR, DOUBLE);
    arraySpatialRef = new CFunction(library, "GDALMDArrayGetSpatialRef", PTR, PTR);
    arraySetSpatialRef = new CFunction(library, "GDALMDArraySetSpatialRef", INT, PTR, PTR);
    arrayCoordinateVariables =
        new CFunction(library, "GDALMDArrayGetCoordinateVariables", PTR, PTR, PTR);
    arrayBlockSize = new CFunction(library, "GDALMDArrayGetBlockSize", PTR, PTR, PTR);
    dimensionName = new CFunction(library, "GDALDimensionGetName", PTR, PTR);
    dimensionFullName = new CFunction(library, "GDALDimensionGetFullName", PTR, PTR);
    dimensionType = new CFunction(library, "GDALDimensionGetType", PTR, PTR);
    dimensionDirection = new CFunction(library, "GDALDimensionGetDirection", PTR, PTR);
    dimensionSize = new CFunction(library, "GDALDimensionGetSize", LONG, PTR);
    dimensionIndexing = new CFunction(library, "GDALDimensionGetIndexingVariable", PTR, PTR);
    dimensionSetIndexing =
        new CFunction(library, "GDALDimensionSetIndexingVariable", INT, PTR, PTR);
    dimensionRelease = new CFunction(library, "GDALDimensionRelease", (MemoryLayout) null, PTR);
    attributeName = new CFunction(library, "GDALAttributeGetName", PTR, PTR);
    attributeDataType = new CFunction(library, "GDALAttributeGetDataType", PTR, PTR);
    attributeDimensionSizes =
        new CFunction(library, "GDALAttributeGetDimensionsSize", PTR, PTR, PTR);
    attributeStrings = new CFunction(library, "GDALAttributeReadAsStringArray", PTR, PTR);
    attributeDoubles = new CFunction(library, "GDALAttributeReadAsDoubleArray", PTR, PTR, PTR);
    attributeRaw = new CFunction(library, "GDALAttributeReadAsRaw", PTR, PTR, PTR);
    attributeFreeRaw =
        new CFunction(library, "GDALAttributeFreeRawResult", (MemoryLayout) null, PTR, PTR, LONG);
    attributeWriteString = new CFunction(library, "GDALAttributeWriteString", INT, PTR, PTR);
    attributeWriteStrings = new CFunction(library, "GDALAttributeWriteStringArray", INT, PTR, PTR);
    attributeWriteRaw = new CFunction(library, "GDALAttributeWriteRaw", INT, PTR, PTR, LONG);
    attributeRelease = new CFunction(library, "GDALAttributeRelease", (MemoryLayout) null, PTR);
    typeCreate = new CFunction(library, "GDALExtendedDataTypeCreate", PTR, INT);
    typeCreateString = new CFunction(library, "GDALExtendedDataTypeCreateString", PTR, LONG);
    typeRelease = new CFunction(library, "GDALExtendedDataTypeRelease", (MemoryLayout) null, PTR);
    typeClass = new CFunction(library, "GDALExtendedDataTypeGetClass", INT, PTR);
    typeNumeric = new CFunction(library, "GDALExtendedDataTypeGetNumericDataType", INT, PTR);
    createMultiDimensional =
        new CFunction(library, "GDALCreateMultiDimensional", PTR, PTR, PTR, PTR, PTR);
    warpOptionsNew = new CFunction(library, "GDALWarpAppOptionsNew", PTR, PTR, PTR);
    warpOptionsFree = new CFunction(library, "GDALWarpAppOptionsFree", (MemoryLayout) null, PTR);
    warp = new CFunction(library, "GDALWarp", PTR, PTR, PTR, INT, PTR, PTR, PTR);
    warpedView =
        new CFunction(
            library, "GDALAutoCreateWarpedVRTEx", PTR, PTR, PTR, PTR, INT, DOUBLE, PTR, PTR);
    setErrorHandler.pointer(
        library
            .find("CPLQuietErrorHandler")
            .orElseThrow(() -> new GdalFailure("this libgdal has no CPLQuietErrorHandler")));
  }

  /**
   * Loads libgdal.
   *
   * @throws GdalFailure if this machine has none; the message says which package to install
   */
  @SuppressWarnings("restricted")
  public static GdalLibrary load() {
    List<String> tried = new ArrayList<>();
    for (String name : candidates()) {
      try {
        return new GdalLibrary(SymbolLookup.libraryLookup(name, Arena.global()));
      } catch (IllegalArgumentException e) {
        tried.add(name);
      }
    }
    throw new GdalFailure(
        "libgdal is not installed on this machine: install the Debian package libgdal32 (tried "
            + String.join(", ", tried)
            + ")");
  }

  /**
   * The library that was tried out first, then whatever other version the usual directories hold,
   * newest first.
   */
  private static List<String> candidates() {
    List<String> names = new ArrayList<>(List.of("libgdal.so.32"));
    for (String directory :
        List.of(
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib64",
            "/usr/lib",
            "/usr/local/lib")) {
      Path path = Path.of(directory);
      if (!Files.isDirectory(path)) {
        continue;
      }
      List<String> found = new ArrayList<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "libgdal.so*")) {
        files.forEach(file -> found.add(file.toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      found.sort((a, b) -> b.compareTo(a));
      names.addAll(found);
    }
    return names;
  }

  /** The C string at this address; null for a null pointer. */
  @SuppressWarnings("restricted")
  public static String text(MemorySegment pointer) {
    return pointer.address() == 0 ? null : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** The memory behind a pointer, {@code bytes} long. */
  @SuppressWarnings("restricted")
  public static MemorySegment memory(MemorySegment pointer, long bytes) {
    return pointer.reinterpret(bytes);
  }

  /** The strings of a list; empty for a null pointer. The list stays its owner's. */
  public static List<String> texts(MemorySegment list) {
    List<String> result = new ArrayList<>();
    if (list.address() == 0) {
      return result;
    }
    MemorySegment entries = memory(list, Long.MAX_VALUE);
    for (long i = 0; ; i++) {
      String entry = text(entries.getAtIndex(ValueLayout.ADDRESS, i));
      if (entry == null) {
        return result;
      }
      result.add(entry);
    }
  }

  /** The strings of a list that is ours to free. */
  public List<String> takeTexts(MemorySegment list) {
    List<String> result = texts(list);
    if (list.address() != 0) {
      listDestroy.call(list);
    }
    return result;
  }

  /** A list for a call; a null pointer for an empty one. */
  public static MemorySegment list(SegmentAllocator memory, List<String> texts) {
    if (texts.isEmpty()) {
      return MemorySegment.NULL;
    }
    MemorySegment list = memory.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      list.setAtIndex(ValueLayout.ADDRESS, i, memory.allocateFrom(texts.get(i)));
    }
    list.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
    return list;
  }

  /** {@code KEY=VALUE} entries for a call; a null pointer for none. */
  public static MemorySegment options(SegmentAllocator memory, Map<String, String> options) {
    List<String> entries = new ArrayList<>();
    options.forEach((key, value) -> entries.add(key + "=" + value));
    return list(memory, entries);
  }

  /**
   * {@code KEY=VALUE} entries as a map; an entry without {@code =} has the empty key (GDAL's {@code
   * xml:} domains).
   */
  public static Map<String, String> entries(List<String> texts) {
    Map<String, String> result = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0 || text.startsWith("<")) {
        result.merge("", text, (a, b) -> a + "\n" + b);
      } else {
        result.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return result;
  }

  /** What libgdal says about its last failure, or {@code otherwise} if it says nothing. */
  public GdalFailure failure(String otherwise) {
    String message = lastErrorMessage.text();
    return new GdalFailure(message == null || message.isBlank() ? otherwise : message);
  }

  /** Fails unless the return code is 0 ({@code CE_None}, {@code OGRERR_NONE}). */
  public void check(int code, String otherwise) {
    if (code != 0) {
      throw failure(otherwise);
    }
  }

  /** Fails if the pointer is null. */
  public MemorySegment check(MemorySegment pointer, String otherwise) {
    if (pointer.address() == 0) {
      throw failure(otherwise);
    }
    return pointer;
  }

  /**
   * Fails if libgdal has reported an error since the last {@code errorReset}; for calls without a
   * return code.
   */
  public void checkNoError(String otherwise) {
    if (lastErrorType.integer() >= 3) {
      throw failure(otherwise);
    }
  }
}
