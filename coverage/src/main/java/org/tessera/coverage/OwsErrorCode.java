package org.tessera.coverage;

/**
 * The exception codes of OWS Common, WCS 2.0.1 and its extensions, WCS-T, WCPS and WMS that this
 * server gives, each with its HTTP status. The names are those that existing clients know.
 */
public enum OwsErrorCode {
  ILLEGAL_FIELD_SEQUENCE("IllegalFieldSequence", 400),
  INVALID_FORMAT("InvalidFormat", 400),
  INVALID_CRS("InvalidCRS", 400),
  INVALID_ENCODING_SYNTAX("InvalidEncodingSyntax", 400),
  SYNTAX_ERROR("SyntaxError", 400),
  SEMANTIC_ERROR("SemanticError", 400),
  INVALID_PARAMETER_VALUE("InvalidParameterValue", 400),
  INVALID_REQUEST("InvalidRequest", 400),
  INVALID_UPDATE_SEQUENCE("InvalidUpdateSequence", 400),
  MISSING_CRS("MissingCRS", 400),
  MISSING_PARAMETER_VALUE("MissingParameterValue", 400),
  VERSION_NEGOTIATION_FAILED("VersionNegotiationFailed", 400),
  XML_NOT_VALID("XmlNotValid", 400),
  XML_STRUCTURES_ERROR("XmlStructuresError", 400),
  NO_SUCH_FIELD("NoSuchField", 400),
  INVALID_COVERAGE_TYPE("InvalidCoverageType", 400),
  INVALID_SCALE_FACTOR("InvalidScaleFactor", 400),
  INVALID_EXTENT("InvalidExtent", 400),
  SCALE_AXIS_UNDEFINED("ScaleAxisUndefined", 400),
  INVALID_SUBSETTING_CRS("InvalidSubsettingCrs", 400),
  LAYER_NOT_DEFINED("LayerNotDefined", 404),
  STYLE_NOT_DEFINED("StyleNotDefined", 404),
  MISSING_COVERAGE_PARAMETER("MissingCoverageParameter", 400),
  UNKNOWN_USE_ID("UnknownUseId", 400),
  MALFORMED_URL("MalformedURL", 400),
  MISSING_BOUNDED_BY("MissingBoundedBy", 400),
  MISSING_ENVELOPE("MissingEnvelope", 400),
  MISSING_DOMAIN_SET("MissingDomainSet", 400),
  MISSING_GRID_TYPE("MissingGridType", 400),
  MISSING_LIMITS("MissingLimits", 400),
  MISSING_GRID_ENVELOPE("MissingGridEnvelope", 400),
  MISSING_LOW("MissingLow", 400),
  MISSING_HIGH("MissingHigh", 400),
  MISSING_LOW_CORNER("MissingLowCorner", 400),
  MISSING_UPPER_CORNER("MissingUpperCorner", 400),
  MISSING_POINT("MissingPoint", 400),
  MISSING_POS("MissingPos", 400),
  WRONG_NUMBER_OF_OFFSET_VECTORS("WrongNumberOfOffsetVectors", 400),
  WRONG_NUMBER_OF_TUPLE_LISTS("WrongNumberOfTupleLists", 400),
  WRONG_NUMBER_OF_PIXELS("WrongNumberOfPixels", 400),
  WRONG_NUMBER_OF_RANGE_SET_ELEMENTS("WrongNumberOfRangeSetElements", 400),
  WRONG_NUMBER_OF_DATA_BLOCK_ELEMENTS("WrongNumberOfDataBlockElements", 400),
  WRONG_NUMBER_OF_FILE_ELEMENTS("WrongNumberOfFileElements", 400),
  WRONG_NUMBER_OF_FILE_REFERENCE_ELEMENTS("WrongNumberOfFileReferenceElements", 400),
  WRONG_INTERVAL_FORMAT("WrongIntervalFormat", 400),
  DUPLICATED_COVERAGE_NAME("DuplicatedCoverageName", 400),
  ONLY_RECTIFIED_GRIDS_SUPPORTED("OnlyRectifiedGridsSupported", 400),
  INVALID_XML("InvalidXML", 400),
  COVERAGE_ID_IN_USE("CoverageIdInUse", 400),
  EMPTY_COVERAGE_ID_LIST("emptyCoverageIdList", 400),
  MISSING_QUERY_PARAMETER("WCSPMissingQueryParameter", 400),
  INVALID_AXIS_LABEL("InvalidAxisLabel", 404),
  INVALID_SUBSETTING("InvalidSubsetting", 404),
  NO_SUCH_COVERAGE("NoSuchCoverage", 404),
  NO_SUCH_LAYER("NoSuchLayer", 404),
  NO_SUCH_DEFINITION("NoSuchDefinition", 404),
  SUBSETTING_CRS_NOT_SUPPORTED("SubsettingCrs-NotSupported", 404),
  OUTPUT_CRS_NOT_SUPPORTED("OutputCrs-NotSupported", 404),
  TRANSACTION_COVERAGE_NOT_FOUND("WCSTCoverageNotFound", 404),
  INCONSISTENT_CHANGE("InconsistentChange", 404),
  COMPRESSION_INVALID("CompressionInvalid", 404),
  COMPRESSION_NOT_SUPPORTED("CompressionNotSupported", 404),
  JPEG_QUALITY_INVALID("JpegQualityInvalid", 404),
  PREDICTOR_INVALID("PredictorInvalid", 404),
  PREDICTOR_NOT_SUPPORTED("PredictorNotSupported", 404),
  INTERLEAVING_INVALID("InterleavingInvalid", 404),
  INTERLEAVING_NOT_SUPPORTED("InterleavingNotSupported", 404),
  TILING_INVALID("TilingInvalid", 404),
  METHOD_NOT_ALLOWED("OperationNotSupported", 405),
  INVALID_MEDIATYPE("InvalidMediatype", 415),
  UNAUTHORIZED("Unauthorized", 401),
  INVALID_CREDENTIALS("InvalidCredentials", 403),
  ACCESS_DENIED("AccessDenied", 403),
  OPERATION_NOT_ALLOWED("OperationNotAllowed", 403),
  REQUEST_TOO_LARGE("RequestTooLarge", 413),
  UPDATE_CONFLICT("UpdateConflict", 409),
  FILE_NOT_CLAIMED("FileNotClaimed", 409),
  INTERPOLATION_METHOD_NOT_SUPPORTED("InterpolationMethodNotSupported", 501),
  NO_APPLICABLE_CODE("NoApplicableCode", 501),
  OPERATION_NOT_SUPPORTED("OperationNotSupported", 501),
  OPTION_NOT_SUPPORTED("OptionNotSupported", 501),
  UNSUPPORTED_COMBINATION("UnsupportedCombination", 501),
  UNSUPPORTED_ENCODING_FORMAT("UnsupportedEncodingFormat", 501),
  SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
  OUT_OF_MEMORY("OutOfMemory", 503),
  TIME_LIMIT_EXCEEDED("TimeLimitExceeded", 503),
  RASDAMAN_REQUEST_FAILED("RasdamanRequestFailed", 500),
  WCPS_ERROR("WcpsError", 500),
  SOURCE_UNAVAILABLE("SourceUnavailable", 500),
  INTERNAL_ERROR("InternalError", 500);

  private final String code;
  private final int httpStatus;

  OwsErrorCode(String code, int httpStatus) {
    this.code = code;
    this.httpStatus = httpStatus;
  }

  /** The {@code exceptionCode} attribute. */
  public String code() {
    return code;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
