package org.tessera.importer.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.model.DomainSet;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.ImportPlan;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.wcst.WcstClient;

/** Reduced versions that the ingredients ask for, made by the server after the import. */
final class Pyramids {
  private static final String PATH = "/admin/coverage/pyramid/";

  private Pyramids() {}

  static void build(WcstClient client, Ingredients ingredients, ImportPlan plan) {
    Ingredients.Options o = ingredients.options();
    String id = ingredients.input().coverageId();
    DomainSet domain = plan.slices().getFirst().domain();
    for (Ingredients.Level level : o.levels()) {
      if (!client.exists(level.coverage())) {
        Map<String, String> p = new LinkedHashMap<>();
        p.put("COVERAGEID", id);
        p.put("MEMBER", level.coverage());
        p.put("SCALEVECTOR", factors(level, domain));
        ask(client, "create", p, "level " + level.coverage());
      }
    }
    for (String member : o.pyramidMembers()) {
      add(client, id, member, o.pyramidHarvesting());
    }
    for (String base : o.pyramidBases()) {
      add(client, base, id, o.pyramidHarvesting());
    }
  }

  private static void add(WcstClient client, String base, String member, boolean harvesting) {
    Map<String, String> p = new LinkedHashMap<>();
    p.put("COVERAGEID", base);
    p.put("MEMBERS", member);
    if (harvesting) {
      p.put("HARVESTING", "true");
    }
    ask(client, "add", p, "pyramid member " + member);
  }

  /** One factor per axis in CRS order; a single one is for the two axes of the map. */
  private static String factors(Ingredients.Level level, DomainSet domain) {
    List<String> out = new ArrayList<>();
    int n = domain.dimension();
    boolean each = level.factors().size() == n && n > 1;
    List<String> map =
        domain.axes().subList(Math.max(0, n - 2), n).stream().map(a -> a.label()).toList();
    for (int i = 0; i < n; i++) {
      double f =
          each
              ? level.factors().get(i)
              : map.contains(domain.crsOrder().get(i)) ? level.factors().getFirst() : 1;
      out.add(f == Math.rint(f) ? Long.toString((long) f) : Double.toString(f));
    }
    return String.join(",", out);
  }

  private static void ask(
      WcstClient client, String operation, Map<String, String> parameters, String what) {
    try {
      client.administer(PATH + operation, parameters);
    } catch (WcstClient.Refused e) {
      boolean unknown = e.status() == 404 || e.status() == 405 || e.status() == 501;
      throw new ImportException(
          what
              + (unknown && e.getMessage().startsWith("HTTP status")
                  ? ": this server does not make pyramids; the coverage itself is imported"
                  : ": the coverage itself is imported, but the server says: " + e.getMessage()),
          e);
    }
  }
}
