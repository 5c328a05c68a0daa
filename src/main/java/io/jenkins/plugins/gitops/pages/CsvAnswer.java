package io.jenkins.plugins.gitops.pages;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * A table to download, as RFC 4180 has it. What a spreadsheet would take for a formula is kept text by an apostrophe:
 * names and reasons are whatever people wrote.
 *
 * @param rows as many cells in each as there are columns; of a collection one line each, null is empty
 */
public record CsvAnswer(String file, List<String> columns, Stream<List<Object>> rows) implements HttpResponse {

    private static final Pattern FORMULA = Pattern.compile("^\\s*[=+\\-@\\t\\r].*", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    @Override
    public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node) throws IOException {
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + file + "\"");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        Writer text = new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8);
        text.write(line(columns));
        for (List<Object> row : (Iterable<List<Object>>) rows::iterator) {
            text.write(line(row));
        }
        text.flush();
    }

    private static String line(List<?> cells) {
        return cells.stream().map(CsvAnswer::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(Object value) {
        String text = value instanceof Collection<?> lines
                ? lines.stream().map(Object::toString).collect(Collectors.joining("\n"))
                : Objects.toString(value, "");
        boolean formula =
                FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches();
        return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }
}
