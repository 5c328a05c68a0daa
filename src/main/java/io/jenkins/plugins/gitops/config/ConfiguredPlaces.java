package io.jenkins.plugins.gitops.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * What the places around an item configure under names: its folders, the nearest first, then Jenkins itself.
 *
 * @param <T> what is configured
 */
final class ConfiguredPlaces<T> {

    /**
     * @param folder null for Jenkins itself
     * @param <T> what is configured
     */
    record Placed<T>(
            @CheckForNull AbstractFolder<?> folder, @NonNull T configured) {

        /** Full name of the folder; empty for Jenkins itself. */
        @NonNull
        String scope() {
            return folder == null ? "" : folder.getFullName();
        }
    }

    private final Function<GitOpsFolderProperty, List<T>> inFolder;
    private final Function<T, String> name;

    ConfiguredPlaces(@NonNull Function<GitOpsFolderProperty, List<T>> inFolder, @NonNull Function<T, String> name) {
        this.inFolder = inFolder;
        this.name = name;
    }

    /** All that an item may name, each name once: the nearest place has it. */
    @NonNull
    List<Placed<T>> around(@CheckForNull Item item, @NonNull List<T> inJenkins) {
        Map<String, Placed<T>> nearest = new LinkedHashMap<>();
        places(item, inJenkins)
                .flatMap(List::stream)
                .forEach(placed -> nearest.putIfAbsent(name.apply(placed.configured()), placed));
        return List.copyOf(nearest.values());
    }

    /** All that places configure around an item, the nearest first. */
    @NonNull
    List<T> all(@CheckForNull Item item, @NonNull List<T> inJenkins) {
        return places(item, inJenkins)
                .flatMap(List::stream)
                .map(Placed::configured)
                .toList();
    }

    /** What an item may mean without a name: all of the nearest place that configures any. */
    @NonNull
    List<Placed<T>> nearest(@CheckForNull Item item, @NonNull List<T> inJenkins) {
        return places(item, inJenkins)
                .filter(place -> !place.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private Stream<List<Placed<T>>> places(@CheckForNull Item item, List<T> inJenkins) {
        return Stream.concat(
                folders(item).stream().map(folder -> placed(folder, in(folder))), Stream.of(placed(null, inJenkins)));
    }

    private List<T> in(AbstractFolder<?> folder) {
        GitOpsFolderProperty property = folder.getProperties().get(GitOpsFolderProperty.class);
        return property == null ? List.of() : inFolder.apply(property);
    }

    private static <T> List<Placed<T>> placed(@CheckForNull AbstractFolder<?> folder, List<T> configured) {
        return configured.stream().map(found -> new Placed<>(folder, found)).toList();
    }

    /** The item itself, where it is a folder, and those around it. */
    private static List<AbstractFolder<?>> folders(@CheckForNull Item item) {
        List<AbstractFolder<?>> folders = new ArrayList<>();
        Object place = item;
        while (place instanceof Item inside) {
            if (inside instanceof AbstractFolder<?> folder) {
                folders.add(folder);
            }
            ItemGroup<?> around = inside.getParent();
            place = around == Jenkins.get() ? null : around;
        }
        return folders;
    }
}
