package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.gitops.engine.registry.ScanReport;
import io.jenkins.plugins.gitops.engine.terraform.FindingsReader;
import io.jenkins.plugins.gitops.engine.terraform.PlanReader;
import io.jenkins.plugins.gitops.engine.terraform.TerraformPlan;
import io.jenkins.plugins.gitops.steps.support.AgentCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import jenkins.agents.ControllerToAgentFileCallable;

/**
 * The files of a plan in a workspace. The JSON comes to the controller packed and is read there; of the plan itself, which
 * only Terraform reads, the agent tells the digest.
 *
 * @param json its name in the directory
 * @param binary likewise, null where it was not named
 * @param reports likewise, of scanners
 */
record PlanFiles(
        FilePath directory, String json, @CheckForNull String binary, List<String> reports) {

    private static final long MOST_BINARY_BYTES = 1L << 30;

    /**
     * A plan and what it was read from.
     *
     * @param jsonDigest SHA-256 of the JSON, in hexadecimal digits
     * @param binaryDigest likewise of the plan itself, null where it was not named
     */
    record Read(
            TerraformPlan plan,
            String jsonDigest,
            @CheckForNull String binaryDigest) {}

    Read read() throws IOException, InterruptedException {
        Packed packed = AgentCall.ask(directory, new Pack(json, PlanReader.MOST_BYTES));
        String binaryDigest = binary == null ? null : AgentCall.ask(directory, new Digest(binary, MOST_BINARY_BYTES));
        try (InputStream content = packed.open()) {
            return new Read(PlanReader.read(json, content), packed.digest(), binaryDigest);
        }
    }

    /** What scanners found; empty where no report was named. */
    Optional<ScanReport.Finished> findings() throws IOException, InterruptedException {
        FindingsReader reader = new FindingsReader();
        for (String report : reports) {
            Packed packed = AgentCall.ask(directory, new Pack(report, FindingsReader.MOST_BYTES));
            try (InputStream content = packed.open()) {
                reader.add(report, content);
            }
        }
        return reports.isEmpty() ? Optional.empty() : Optional.of(reader.findings());
    }

    /** Whether both files have these digests. */
    boolean are(String jsonDigest, @CheckForNull String binaryDigest) throws IOException, InterruptedException {
        return AgentCall.ask(directory, new Digest(json, PlanReader.MOST_BYTES)).equals(jsonDigest)
                && (binary == null
                        || AgentCall.ask(directory, new Digest(binary, MOST_BINARY_BYTES))
                                .equals(binaryDigest));
    }

    /** @param content compressed */
    private record Packed(byte[] content, String digest) implements Serializable {

        InputStream open() throws IOException {
            return new GZIPInputStream(new ByteArrayInputStream(content));
        }
    }

    private record Pack(String name, long most) implements ControllerToAgentFileCallable<Packed> {

        @Override
        public Packed invoke(File directory, VirtualChannel channel) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            String digest;
            try (OutputStream packing = new GZIPOutputStream(bytes)) {
                digest = digest(file(directory, name), most, packing);
            }
            return new Packed(bytes.toByteArray(), digest);
        }
    }

    private record Digest(String name, long most) implements ControllerToAgentFileCallable<String> {

        @Override
        public String invoke(File directory, VirtualChannel channel) throws IOException {
            return digest(file(directory, name), most, OutputStream.nullOutputStream());
        }
    }

    private static File file(File directory, String name) throws IOException {
        File named = new File(name);
        File file = named.isAbsolute() ? named : new File(directory, name);
        if (!file.isFile()) {
            throw new IOException("there is no file '" + name + "'");
        }
        return file;
    }

    private static String digest(File file, long most, OutputStream to) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file.toPath()), MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[1 << 16];
            long length = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
                if (length > most) {
                    throw new IOException("'" + file.getName() + "' is larger than " + (most >> 20) + " MiB");
                }
                to.write(buffer, 0, read);
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
