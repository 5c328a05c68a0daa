package io.jenkins.plugins.gitops.pages.gate;

import com.fasterxml.jackson.core.type.TypeReference;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.security.AccessControlled;
import io.jenkins.plugins.gitops.pages.JsonFile;
import io.jenkins.plugins.gitops.pages.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The gates of a run, in a file of the plugin's own in the run's directory: build.xml loses what a plugin has put there
 * when Jenkins saves the run while the plugin is disabled. The file goes with the run.
 */
final class RunGates extends GateRecords {

    static final String FILE = "gitops-gates.json";

    private static final Logger LOGGER = Logger.getLogger(RunGates.class.getName());

    private final Run<?, ?> run;
    private final List<StoredGate> gates;
    private volatile boolean saved;
    private volatile boolean unreadable;
    private boolean setAside;

    private RunGates(Run<?, ?> run, List<StoredGate> gates) {
        super(gates);
        this.run = run;
        this.gates = gates;
    }

    static boolean areKept(Run<?, ?> run) {
        return Files.exists(file(run));
    }

    private static Path file(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve(FILE);
    }

    /** @param earlier those that build.xml has, which are written to the file when there is none */
    static RunGates read(Run<?, ?> run, List<StoredGate> earlier) {
        RunGates read = new RunGates(run, new ArrayList<>());
        try {
            Map<String, StoredGate.Kept> kept =
                    JsonFile.JSON.readValue(JsonFile.read(file(run)), new TypeReference<>() {});
            kept.forEach((id, gate) -> read.gates.add(new StoredGate(id, gate)));
            read.saved = true;
        } catch (NoSuchFileException none) {
            read.keep(earlier);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, file(run) + " cannot be read; the gates in it are not shown", e);
            read.gates.clear();
            read.unreadable = true;
        }
        return read;
    }

    private void keep(List<StoredGate> earlier) {
        gates.addAll(earlier);
        try {
            if (!earlier.isEmpty()) {
                write();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file(run) + " cannot be written; the gates stay in build.xml", e);
        }
    }

    /** Whether the file has them all. */
    boolean isSaved() {
        return saved;
    }

    /** Why not all gates of the run are shown; null when they are. */
    @CheckForNull
    String problem() {
        return unreadable ? Messages.RunGates_unreadable(file(run)) : null;
    }

    @Override
    protected AccessControlled place() {
        return run;
    }

    @Override
    protected String job() {
        return run.getParent().getFullName();
    }

    @Override
    public String getEndpoint() {
        return run.getUrl() + GateAction.URL_NAME + "/";
    }

    @Override
    protected void save(StoredGate changed) throws IOException {
        write();
    }

    private void write() throws IOException {
        Path directory = run.getRootDir().toPath();
        if (!Files.isDirectory(directory)) {
            // To write it would make the directory of a deleted run again.
            throw new IOException(directory + " does not exist; the run was deleted");
        }
        Path file = file(run);
        if (unreadable && !setAside) {
            Files.move(file, file.resolveSibling(FILE + ".unreadable"), StandardCopyOption.REPLACE_EXISTING);
            setAside = true;
        }
        Map<String, StoredGate.Kept> kept = new LinkedHashMap<>();
        gates.forEach(gate -> kept.put(gate.id(), gate.kept()));
        JsonFile.write(file, kept);
        saved = true;
    }

    @Override
    protected boolean isOver() {
        return !run.isBuilding();
    }
}
