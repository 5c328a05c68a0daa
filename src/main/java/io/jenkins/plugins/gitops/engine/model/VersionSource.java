package io.jenkins.plugins.gitops.engine.model;

import java.io.Serializable;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the versions of one name are versions of, as {@code gitops.yaml} declares it under {@code versions}.
 *
 * @param address of the chart ({@code oci://registry/path/chart}, or the repository's URL with the chart's name behind
 *     it), of the Git repository, or the {@link ValueType type} of a value
 */
public record VersionSource(Kind kind, String address) implements Serializable {

    /** What it is. */
    public enum Kind {
        CHART,
        GIT,
        VALUE
    }

    /** What a value may be. */
    public enum ValueType {
        TEXT,
        NUMBER,
        BOOLEAN;

        private static ValueType of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    private static final String OCI = "oci://";

    /** Semantic versions, as Helm reads them; a prefix v and missing parts are common. */
    private static final Pattern CHART_VERSION =
            Pattern.compile("v?\\d{1,9}(\\.\\d{1,9}){0,2}(-[0-9A-Za-z.-]{1,100})?(\\+[0-9A-Za-z.-]{1,100})?");

    private static final Pattern RANGE = Pattern.compile(".*[\\^~<>=|*,\\s].*|(.*\\.)?[xX](\\..*)?", Pattern.DOTALL);

    private static final Pattern SCHEME_AND_USER = Pattern.compile(
            "^(git::)?(\\w[\\w+.-]*://)?([^/@]+@)?(registry-1\\.(?=docker\\.io/)|raw\\.(?=githubusercontent\\.com/))?");

    private static final Pattern COLON_BEFORE_PATH = Pattern.compile("^([^/:]+):(?!\\d+/)");

    /** {@code .git}, and slashes that are doubled or at the end. */
    private static final Pattern NEEDLESS = Pattern.compile("\\.git(?=/|$)|/+(?=/|$)");

    /** @see <a href="https://git-scm.com/docs/git-check-ref-format">git-check-ref-format</a> */
    private static final Pattern REF = Pattern.compile("[\\w][\\w.+/-]{0,254}");

    private static final Pattern NO_REF =
            Pattern.compile(".*(\\.\\.|//|/\\.|\\.lock(/.*)?$|[./]$).*|refs/heads/.*|origin/.*");

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?");

    private static final int LONGEST_VALUE = 1_000;

    /** The chart as an artifact of a registry: Helm writes a {@code +} as {@code _} there; empty for whatever is elsewhere. */
    public Optional<ImageReference> artifact(NamedVersion version) {
        return kind == Kind.CHART && address.startsWith(OCI)
                ? Optional.of(ImageReference.parse(
                        address.substring(OCI.length()), version.text().replace('+', '_')))
                : Optional.empty();
    }

    /** Where the chart's repository lists its versions; empty for whatever is elsewhere, or has credentials in its address. */
    public Optional<URI> index() {
        if (kind != Kind.CHART || !address.matches("(?i)https?://[^/@?#]+/.*[^/].*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(URI.create(address.replaceFirst("/+$", "")).resolve("index.yaml"));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    /** The chart's, repository's or value's type's own name, without its address. */
    public String lastPart() {
        String path =
                address.replaceFirst("[?#].*$", "").replaceFirst("/+$", "").replaceFirst("\\.git$", "");
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1);
    }

    /**
     * Whether an address is the same, however it is written.
     *
     * @param within whether it may go on with a path in the repository, and a query
     */
    public boolean isAt(String other, boolean within) {
        String here = canonical(address);
        String there = canonical(within && other.indexOf('?') > 0 ? other.substring(0, other.indexOf('?')) : other);
        return there.equals(here) || within && there.startsWith(here + "/");
    }

    /** Host and path alone; {@code git@github.com:acme/x.git} is {@code https://github.com/acme/x}. */
    private static String canonical(String address) {
        String path = SCHEME_AND_USER.matcher(address).replaceFirst("");
        String slashes =
                COLON_BEFORE_PATH.matcher(path).replaceFirst("$1/").replace("githubusercontent.com/", "github.com/");
        return NEEDLESS.matcher(slashes).replaceAll("").toLowerCase(Locale.ROOT);
    }

    public ValueType valueType() {
        return ValueType.of(address);
    }

    /**
     * What somebody wants to release.
     *
     * @throws InvalidImageException if the text is not a version, or is one that can move, such as a range or a branch
     */
    public NamedVersion version(String text) {
        switch (kind) {
            case CHART -> requireChartVersion(text);
            case GIT -> requireRef(text);
            case VALUE -> requireValue(text);
        }
        return new NamedVersion(text);
    }

    private static void requireChartVersion(String text) {
        if (RANGE.matcher(text).matches()) {
            throw new InvalidImageException(
                    text, "is a range of versions: release one version of the chart, for example 19.1.0");
        }
        if (!CHART_VERSION.matcher(text).matches()) {
            throw new InvalidImageException(text, "is not the version of a chart, for example 19.1.0");
        }
    }

    private static void requireRef(String text) {
        if (RANGE.matcher(text).matches()) {
            throw new InvalidImageException(
                    text, "is a range of versions: release one tag or commit, for example v1.4.0");
        }
        if (!REF.matcher(text).matches() || NO_REF.matcher(text).matches()) {
            throw new InvalidImageException(text, "is not a Git tag or commit, for example v1.4.0");
        }
        if (ImageReference.MUTABLE_TAGS.contains(text.toLowerCase(Locale.ROOT))) {
            throw new InvalidImageException(
                    text, "cannot be released: it names a branch, which moves; use a tag or a commit");
        }
    }

    private void requireValue(String text) {
        boolean valid =
                switch (valueType()) {
                    case TEXT ->
                        !text.isEmpty() && text.length() <= LONGEST_VALUE && !text.matches("(?s).*\\p{Cntrl}.*");
                    case NUMBER -> NUMBER.matcher(text).matches();
                    case BOOLEAN -> text.equals("true") || text.equals("false");
                };
        if (!valid) {
            throw new InvalidImageException(
                    text,
                    switch (valueType()) {
                        case TEXT -> "is not a value of one line with at most " + LONGEST_VALUE + " characters";
                        case NUMBER -> "is not a number, which the value is declared as";
                        case BOOLEAN -> "is neither true nor false, which the value is declared as";
                    });
        }
    }

    /** {@code redis chart oci://…}, for messages. */
    @Override
    public String toString() {
        return kind == Kind.VALUE ? address : (kind == Kind.CHART ? "chart " : "repository ") + address;
    }
}
