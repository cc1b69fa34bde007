package org.tessera.coverage.gml;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a service says of itself, apart from its coverages (OWS Common 2.0 clause 7.4). Texts that
 * are empty are left out of the document.
 *
 * @param profiles URIs of the conformance classes and encodings offered
 * @param operations names such as GetCoverage, in the order to be listed; at least two
 * @param formats media types that GetCoverage gives, at least one
 * @param crss URIs of CRSs that requests may use
 * @param interpolations URIs of interpolation methods
 * @param inspire addresses of INSPIRE metadata, by the ids of the coverages that have some
 */
public record ServiceDescription(
    String title,
    String summary,
    List<String> keywords,
    String fees,
    List<String> accessConstraints,
    Provider provider,
    List<String> versions,
    List<String> profiles,
    List<String> operations,
    List<String> formats,
    List<String> crss,
    List<String> interpolations,
    Map<String, String> inspire) {
  /** Who runs the service and how to reach them; any text may be empty but the name. */
  public record Provider(
      String name,
      String site,
      String individual,
      String position,
      String role,
      String phone,
      String fax,
      String deliveryPoint,
      String city,
      String administrativeArea,
      String postalCode,
      String country,
      String email,
      String hoursOfService,
      String contactInstructions) {
    /** A provider of whom only the name is known. */
    public static Provider named(String name) {
      return new Provider(name, "", "", "", "", "", "", "", "", "", "", "", "", "", "");
    }
  }

  public ServiceDescription {
    keywords = List.copyOf(keywords);
    accessConstraints = List.copyOf(accessConstraints);
    versions = List.copyOf(versions);
    profiles = List.copyOf(profiles);
    operations = List.copyOf(operations);
    formats = List.copyOf(formats);
    crss = List.copyOf(crss);
    interpolations = List.copyOf(interpolations);
    inspire = Collections.unmodifiableMap(new TreeMap<>(inspire));
  }
}
