package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jgit.http.server.GitServlet;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.resolver.FileResolver;

/** JGit's own server on 127.0.0.1, with one bare repository that plain git prepares and verifies. */
final class JGitHttpServer implements Closeable {

    /** Held here: a logger that nobody holds forgets its level. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    private final Path bare;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile PreReceiveHook hook = PreReceiveHook.NULL;
    private volatile Runnable beforePush = () -> {};

    /** @param directory served whole */
    JGitHttpServer(@NonNull Path directory) throws Exception {
        bare = directory.resolve("config.git");
        TestGit.run(directory, "init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
        commitWithGit("log", "");
        GitServlet servlet = new GitServlet();
        servlet.setRepositoryResolver(new FileResolver<>(directory.toFile(), true));
        servlet.setReceivePackFactory((request, repository) -> {
            ReceivePack receive = new ReceivePack(repository);
            receive.setPreReceiveHook(hook);
            return receive;
        });
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(new Watching(), "/*", null);
        context.addServlet(new ServletHolder(servlet), "/*");
        server.setHandler(context);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
    }

    /** Sets one of the repository's options; the next request sees it. */
    void configure(@NonNull String key, @NonNull String value) {
        TestGit.run(bare, "config", key, value);
    }

    void refuseWith(@NonNull PreReceiveHook other) {
        hook = other;
    }

    /** Runs once, when the next push has arrived and nothing of it is done. */
    void beforeNextPush(@NonNull Runnable task) {
        beforePush = task;
    }

    @NonNull
    Remote remote() {
        return new Remote("http://127.0.0.1:" + connector.getLocalPort() + "/config.git");
    }

    /** Method and path of the requests since they were last forgotten. */
    @NonNull
    List<String> requests() {
        return List.copyOf(requests);
    }

    void forgetRequests() {
        requests.clear();
    }

    @NonNull
    String git(@NonNull String... arguments) {
        return TestGit.output(bare, arguments);
    }

    /** Somebody else's commit, which sets one file beside all others. */
    void commitWithGit(@NonNull String path, @NonNull String content) {
        String from = git("for-each-ref", "refs/heads/main").isEmpty() ? "" : "from refs/heads/main^0\n";
        String stream = "commit refs/heads/main\ncommitter Plain Git <git@example.com> now\ndata 8\nPrepare\n\n" + from
                + "M 100644 inline " + path + "\ndata " + content.length() + "\n" + content + "\ndone\n";
        TestGit.output(
                bare, stream.getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet", "--done", "--date-format=now");
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private final class Watching implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest http = (HttpServletRequest) request;
            requests.add(http.getMethod() + " " + http.getPathInfo());
            if (http.getMethod().equals("POST") && http.getRequestURI().endsWith("/git-receive-pack")) {
                Runnable task = beforePush;
                beforePush = () -> {};
                task.run();
            }
            chain.doFilter(request, response);
        }
    }
}
