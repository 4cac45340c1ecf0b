import io.trino.sql.parser.ParsingException;
import io.trino.sql.parser.ParsingOptions;
import io.trino.sql.parser.SqlParser;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parses each file that it is given as one statement of Trino's; of each that is none it prints file, line, column, why. */
public class Grammar {
    public static void main(String[] files) throws Exception {
        SqlParser parser = new SqlParser();
        ParsingOptions options = new ParsingOptions(ParsingOptions.DecimalLiteralTreatment.AS_DECIMAL);
        for (String file : files) {
            try {
                parser.createStatement(Files.readString(Path.of(file)), options);
            } catch (ParsingException e) {
                String why = e.getErrorMessage().replaceAll("\\s+", " ");
                System.out.println(String.join("\t", file, "" + e.getLineNumber(), "" + e.getColumnNumber(), why));
            }
        }
        System.out.println("parsed " + files.length);
    }
}
