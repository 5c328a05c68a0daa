package io.jenkins.plugins.gitops.playground.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * {@code make replay}: makes the version changes that people and bots committed to a config repository once more, with the
 * editor and the place that one would declare in {@code gitops.yaml}, and compares the files byte for byte. Only reads the
 * clone. Exits with 1 where less than 97 % of the attempted are equal or explained, or 2 % and more have no place.
 *
 * <p>{@code Replay <clone> [commits] [first-parent|all] [examples] [pattern of paths] [minutes]}
 */
public final class Replay {

    private static final double LEAST_RIGHT = 97;
    private static final double MOST_WITHOUT_PLACE = 2;

    /** Files of deployments, and no folders of tools such as {@code .github}. */
    private static final String PATHS =
            "(?!(.*/)?\\.[^/]+/)(?!(.*/)?(package(-lock)?|renovate|tsconfig)\\.json$).*\\.(ya?ml|json)";

    private Replay() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0 || !Files.isDirectory(Path.of(arguments[0]))) {
            System.err.println("REPOSITORY=<clone of a config repository>");
            System.exit(2);
        }
        int commits = Integer.parseInt(argument(arguments, 1, "1000000"));
        boolean firstParent = argument(arguments, 2, "first-parent").equals("first-parent");
        int examples = Integer.parseInt(argument(arguments, 3, "10"));
        Predicate<String> paths = Pattern.compile(argument(arguments, 4, PATHS)).asMatchPredicate();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.parseLong(argument(arguments, 5, "30")));
        Replayed replayed = new Replayed();
        int walked = walk(Path.of(arguments[0]), commits, firstParent, paths, () -> System.nanoTime() >= end, replayed);
        System.out.println(walked + " commits that modify such files");
        replayed.print(System.out, examples);
        boolean good = replayed.right() >= LEAST_RIGHT && replayed.withoutPlace() < MOST_WITHOUT_PLACE;
        System.exit(good ? 0 : 1);
    }

    /** @return how many commits modify such files */
    static int walk(
            Path clone,
            int commits,
            boolean firstParent,
            Predicate<String> paths,
            BooleanSupplier ends,
            Replayed replayed)
            throws IOException {
        int[] walked = new int[1];
        try (History history = new History(clone)) {
            history.walk(firstParent, commits, paths, commit -> {
                for (History.Modified file : commit.files()) {
                    replay(history, commit, file, replayed);
                }
                walked[0]++;
                return !ends.getAsBoolean();
            });
        }
        return walked[0];
    }

    private static String argument(String[] arguments, int index, String usual) {
        return index < arguments.length && !arguments[index].isEmpty() ? arguments[index] : usual;
    }

    private static void replay(History history, History.Commit commit, History.Modified file, Replayed replayed)
            throws IOException {
        Optional<byte[]> before = history.blob(file.before());
        Optional<byte[]> after = history.blob(file.after());
        if (before.isEmpty() || after.isEmpty()) {
            return;
        }
        new FileReplay(
                        file.path(),
                        before.get(),
                        after.get(),
                        path -> {
                            try {
                                return history.blob(commit.id() + "^:" + path);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        commit.id().substring(0, 10) + " " + file.path(),
                        replayed)
                .run();
    }
}
