package io.jenkins.plugins.gitops.engine.git.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JGit sees of the store when it makes the pack of a push. */
class StoreRepositoryTest {

    private static final int LARGEST = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void noDirectoryBesideTheWayToTheChangedFilesIsLookedFor() throws Exception {
        try (ObjectStore store = ObjectStore.open(folder);
                StoreRepository repository = new StoreRepository(store, () -> LARGEST, Progress.SILENT, LARGEST)) {
            Trees before = new Trees((id, type) -> store.read(id, type, LARGEST));
            ObjectId root =
                    before.write(Constants.EMPTY_TREE_ID, Map.of("dev/app/tag", bytes("1"), "prod/tag", bytes("0")));
            store.keep(before);
            ObjectId app = entry(store, entry(store, root, "dev"), "app");
            ObjectId prod = entry(store, root, "prod");

            Trees after = new Trees((id, type) -> store.read(id, type, LARGEST));
            ObjectId edited = after.write(root, Map.of("dev/app/tag", bytes("2")));
            repository.push(ObjectId.zeroId(), after);

            try (ObjectReader reader = repository.newObjectReader()) {
                assertThat(size(reader, root)).as("what is replaced").isPositive();
                assertThat(size(reader, app)).as("what is replaced").isPositive();
                assertThat(size(reader, edited)).as("what is new").isPositive();
                assertThat(size(reader, prod)).as("at hand, and not read").isZero();
                assertThat(size(reader, ObjectId.fromString("5".repeat(40))))
                        .as("not at hand")
                        .isZero();
            }
        }
    }

    private static ObjectId entry(ObjectStore store, ObjectId tree, String name) throws IOException {
        return Trees.entry(store.read(tree, Constants.OBJ_TREE, LARGEST), name)
                .orElseThrow()
                .id();
    }

    private static long size(ObjectReader reader, ObjectId tree) throws IOException {
        return reader.open(tree, Constants.OBJ_TREE).getSize();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
