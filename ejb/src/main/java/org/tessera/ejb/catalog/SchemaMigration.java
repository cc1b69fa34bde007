package org.tessera.ejb.catalog;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Brings the database to the newest schema before anything uses it: runs the numbered files of the
 * top-level folder {@code sql} that have not run yet, each in a transaction together with its note
 * in {@code schema_migration}. Servers that start at the same time wait for one another.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class SchemaMigration {
  private static final System.Logger LOG = System.getLogger(SchemaMigration.class.getName());

  /** All migrations, oldest first. A file that has been released is never changed. */
  private static final List<String> FILES =
      List.of(
          "V1__catalogue.sql",
          "V2__versions.sql",
          "V3__pyramids.sql",
          "V4__files.sql",
          "V5__service.sql",
          "V6__coordinates.sql",
          "V7__virtual.sql");

  @Resource(lookup = "java:comp/DefaultDataSource")
  private DataSource database;

  @PostConstruct
  void migrate() {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "create table if not exists schema_migration (file varchar(255) primary key, applied timestamp not null)");
        connection.commit();
        run(connection, statement);
      } catch (SQLException | IOException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(
          "The database schema cannot be brought up to date: " + e.getMessage(), e);
    }
  }

  private static void run(Connection connection, Statement statement)
      throws SQLException, IOException {
    boolean postgres = connection.getMetaData().getDatabaseProductName().startsWith("PostgreSQL");
    if (postgres) {
      statement.execute("lock table schema_migration in exclusive mode");
    }
    Set<String> done = new HashSet<>();
    try (ResultSet rows = statement.executeQuery("select file from schema_migration")) {
      while (rows.next()) {
        done.add(rows.getString(1));
      }
    }
    for (String file : FILES) {
      if (!done.contains(file)) {
        for (String sql : text(file).split(";\\s*\\n", -1)) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
        try (PreparedStatement note =
            connection.prepareStatement(
                "insert into schema_migration (file, applied) values (?, current_timestamp)")) {
          note.setString(1, file);
          note.executeUpdate();
        }
        LOG.log(System.Logger.Level.INFO, "database schema: applied {0}", file);
      }
    }
    connection.commit();
  }

  private static String text(String file) throws IOException {
    try (InputStream in = SchemaMigration.class.getResourceAsStream("/org/tessera/sql/" + file)) {
      if (in == null) {
        throw new IOException("migration " + file + " is missing in the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
