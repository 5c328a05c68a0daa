package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.TestCertificate;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A Java process that sends passwords through tunnels, which is decided when its HTTP client is loaded. */
final class TunnelProcess {

    private TunnelProcess() {}

    @NonNull
    static Process start(
            @NonNull String url,
            @NonNull Path cacheRoot,
            @NonNull Path certificate,
            int proxyPort,
            @NonNull String proxyAuthorization)
            throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.http.auth.tunneling.disabledSchemes=",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TunnelProcess.class.getName(),
                        url,
                        cacheRoot.toString(),
                        certificate.toString(),
                        String.valueOf(proxyPort),
                        proxyAuthorization)
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        SSLContext trusting = TestCertificate.load(Path.of(arguments[2])).clientContext();
        InetSocketAddress proxy = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[3]));
        RepositorySettings settings = RepositorySettings.DEFAULT.with(HttpClients.DEFAULT
                .trusting(trusting)
                .through(ProxySelector.of(proxy), () -> Optional.of(arguments[4])));
        try (GitConfigRepositories repositories = new GitConfigRepositories(Path.of(arguments[1]), settings)) {
            repositories
                    .open(new Remote(arguments[0], new Login.UserPassword("jenkins", "s3cret")))
                    .commit(request(append("log", "a")), Progress.SILENT);
        }
    }
}
