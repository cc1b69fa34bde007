package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CompiledCoverage;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.Position;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.Tiling;

/** What administrators do with coverages beside WCS-T: pyramids and names. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class AdminService {
  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;
  @EJB private CoverageService coverages;

  /**
   * A member of a pyramid.
   *
   * @param scale how many cells of the base make one of the member's, per axis in logical grid
   *     order
   */
  public record Member(String id, List<BigDecimal> scale) {
    public Member {
      scale = List.copyOf(scale);
    }
  }

  /** Whether there is a coverage of that id. */
  public boolean exists(String id) {
    return catalog.find(id).isPresent();
  }

  /** Gives a coverage another id. */
  public void rename(String id, String newId, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkId(newId);
    CatalogEntry entry = find(id);
    Coverage c = entry.coverage();
    Coverage renamed =
        new Coverage(
            newId, c.domain(), c.range(), c.metadata(), c.nativeFormat(), c.arrayVersion());
    catalog.update(
        List.of(new CoverageCatalog.Edit(id, entry.revision(), renamed, Optional.empty(), false)));
  }

  /** The pyramid of a coverage. */
  public List<Member> pyramid(String id) {
    Coverage base = find(id).coverage();
    List<Member> members = new ArrayList<>();
    for (Coverage member : catalog.pyramid(id)) {
      List<BigDecimal> scale = new ArrayList<>();
      for (Axis axis : base.domain().gridAxes()) {
        scale.add(scale(axis, member));
      }
      members.add(new Member(member.id(), scale));
    }
    return members;
  }

  private static BigDecimal scale(Axis axis, Coverage member) {
    Optional<Axis> other = member.domain().axis(axis.label());
    if (axis instanceof Axis.RegularAxis a && other.orElse(null) instanceof Axis.RegularAxis b) {
      return b.resolution().divide(a.resolution(), new MathContext(6)).stripTrailingZeros();
    }
    return BigDecimal.ONE;
  }

  /** Adds existing coverages to a pyramid, with the members of theirs if so wished. */
  public void addToPyramid(String id, List<String> members, boolean harvesting, Caller caller) {
    caller.require(Caller.Role.WRITER);
    List<String> all = new ArrayList<>(members);
    if (harvesting) {
      for (String member : members) {
        catalog.pyramid(member).stream()
            .map(Coverage::id)
            .filter(m -> !m.equals(id))
            .forEach(all::add);
      }
    }
    catalog.addToPyramid(id, all);
  }

  /** Takes members out of a pyramid; they stay coverages. */
  public void removeFromPyramid(String id, List<String> members, Caller caller) {
    caller.require(Caller.Role.WRITER);
    catalog.removeFromPyramid(id, members);
  }

  /**
   * Makes a coverage of lower resolution and adds it to the pyramid.
   *
   * @param factors per axis in the order of the CRS, how many cells become one; at least 1
   */
  public void createMember(String id, String member, List<Double> factors, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkId(member);
    Coverage base = find(id).coverage();
    List<String> labels = base.domain().crsOrder();
    if (factors.size() != labels.size() || factors.stream().anyMatch(f -> !(f >= 1))) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "SCALEVECTOR",
          "The scale vector is "
              + factors
              + ", expected "
              + labels.size()
              + " factors of at least 1, one for each of "
              + labels
              + ".");
    }
    List<CoverageExpr.AxisValue> values = new ArrayList<>();
    for (int i = 0; i < factors.size(); i++) {
      if (factors.get(i) > 1) {
        BigDecimal factor =
            BigDecimal.ONE.divide(BigDecimal.valueOf(factors.get(i)), MathContext.DECIMAL64);
        values.add(
            new CoverageExpr.AxisValue(
                labels.get(i), new CoverageExpr.NumberLiteral(factor.toPlainString())));
      }
    }
    CompiledCoverage scaled =
        coverages.compile(
            new CoverageExpr.Scale(
                new CoverageExpr.CoverageRef(id),
                new CoverageExpr.Target.Factors(values),
                Optional.empty(),
                Position.NONE));
    Coverage made =
        new Coverage(
            member, scaled.domain(), base.range(), base.metadata(), base.nativeFormat(), "");
    Tiling tiling = Tiling.standard(made.arrayType().bands(), made.domain().gridEnvelope());
    try (ArrayWriter writer =
        runtime.arrays().create(made.arrayType().bands(), made.domain().dimension(), tiling)) {
      runtime.evaluator().prepare(scaled.cells(), runtime.settings().limits()).stream(
          writer::write);
      ArrayVersion version = writer.commit(made.domain().gridEnvelope());
      catalog.insert(
          new Coverage(
              member,
              made.domain(),
              made.range(),
              made.metadata(),
              made.nativeFormat(),
              version.key()),
          new CoverageVersion.Change("pyramid of " + id, caller.name()));
    }
    catalog.addToPyramid(id, List.of(member));
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }
}
