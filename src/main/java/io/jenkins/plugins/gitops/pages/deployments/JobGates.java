package io.jenkins.plugins.gitops.pages.deployments;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import hudson.security.AccessControlled;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.pages.JsonFile;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.gate.GateRecords;
import io.jenkins.plugins.gitops.pages.gate.StoredGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** The gates that people opened on the page of one job, each with its order in a file of its own. */
final class JobGates extends GateRecords {

    static final String END = ".json";

    private static final Logger LOGGER = Logger.getLogger(JobGates.class.getName());

    /** The page shows so many; of more, the oldest that have ended go. */
    private static final int MOST = 50;

    private final List<StoredGate> gates;
    private final Map<String, OrderWork> orders = new LinkedHashMap<>();
    private volatile String job;

    /** What a file keeps. */
    record Kept(OrderWork work, @JsonUnwrapped StoredGate.Kept gate) {}

    /** @param job full name */
    JobGates(String job) {
        this(job, new ArrayList<>());
    }

    private JobGates(String job, List<StoredGate> gates) {
        super(gates);
        this.job = job;
        this.gates = gates;
    }

    @Override
    protected String job() {
        return job;
    }

    /** What a file keeps; empty where it cannot be read, which is logged. */
    static Optional<Kept> read(Path file) {
        try {
            return Optional.of(JsonFile.JSON.readValue(JsonFile.read(file), Kept.class));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file + " cannot be read; its gate stays closed", e);
            return Optional.empty();
        }
    }

    void restore(Kept kept) {
        synchronized (gates) {
            gates.add(new StoredGate(kept.work().order().id(), kept.gate()));
            orders.put(kept.work().order().id(), kept.work());
        }
    }

    /** Before its gate opens. */
    void add(OrderWork work) {
        synchronized (gates) {
            orders.put(work.order().id(), work);
            gates.stream()
                    .filter(gate -> gate.gate().stream().noneMatch(JobGates::isUnderWay))
                    .limit(Math.max(0, gates.size() + 1 - MOST))
                    .toList()
                    .forEach(this::forget);
        }
    }

    /** Whether it waits, or its promotion is not committed yet. */
    static boolean isUnderWay(Gate gate) {
        return gate.status() == GateStatus.OPEN
                || gate.status().isGranted() && gate.commit().isEmpty();
    }

    List<OrderWork> orders() {
        synchronized (gates) {
            return List.copyOf(orders.values());
        }
    }

    /** The job has another name, under which its gates are found when Jenkins starts. */
    void rename(String name) {
        synchronized (gates) {
            job = name;
            orders.replaceAll((id, work) -> work.of(name));
            for (StoredGate gate : gates) {
                try {
                    save(gate);
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, "A gate of " + name + " could not be saved under its name", e);
                }
            }
        }
    }

    /** The job is gone. */
    void delete() {
        close(Messages.GatedOrders_jobDeleted());
        synchronized (gates) {
            List.copyOf(gates).forEach(this::forget);
        }
    }

    private void forget(StoredGate gate) {
        gates.remove(gate);
        orders.remove(gate.id());
        try {
            Files.deleteIfExists(file(gate.id()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file(gate.id()) + " cannot be deleted", e);
        }
    }

    static Path folder() {
        return Jenkins.get().getRootDir().toPath().resolve("gitops-promotion").resolve("gates");
    }

    /** Ids are of this plugin's own making. */
    private static Path file(String id) {
        return folder().resolve(id + END);
    }

    @Override
    protected void save(StoredGate changed) throws IOException {
        Files.createDirectories(folder());
        JsonFile.write(file(changed.id()), new Kept(orders.get(changed.id()), changed.kept()));
    }

    @Override
    protected AccessControlled place() {
        return OrderWork.job(job).map(AccessControlled.class::cast).orElseGet(Jenkins::get);
    }

    @Override
    public String getEndpoint() {
        return OrderWork.job(job)
                .map(found -> found.getUrl() + JobDeployments.URL_NAME + "/" + JobDeployments.GATES + "/")
                .orElse("");
    }

    @Override
    protected boolean isOver() {
        return OrderWork.job(job).isEmpty();
    }
}
