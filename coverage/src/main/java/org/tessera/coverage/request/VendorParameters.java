package org.tessera.coverage.request;

import java.util.Optional;
import org.tessera.coverage.crs.SubsettingRule;

/**
 * What this server understands beyond the standards in requests that give coverages.
 *
 * @param explain asks for an explanation instead of the answer
 * @param subsetting which cells a subset takes; absent for the server's setting
 */
public record VendorParameters(Optional<Explain> explain, Optional<SubsettingRule> subsetting) {
  public static final VendorParameters NONE =
      new VendorParameters(Optional.empty(), Optional.empty());
}
