package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.remoting.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.CompletableFuture;

/** An agent that is this machine: what goes there and what comes back is serialized, as over a channel. */
public final class AgentStandIn {

    private AgentStandIn() {}

    /** Runs it on a thread of its own. */
    @NonNull
    public static <T> Future<T> submit(@NonNull File file, @NonNull FilePath.FileCallable<T> callable) {
        Answer<T> answer = new Answer<>();
        Thread agent = new Thread(
                () -> {
                    try {
                        answer.complete(copy(copy(callable).invoke(file, null)));
                    } catch (Throwable failure) {
                        answer.completeExceptionally(failure);
                    }
                },
                "agent");
        agent.setDaemon(true);
        agent.start();
        return answer;
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T original) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(original);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }

    private static final class Answer<T> extends CompletableFuture<T> implements Future<T> {}
}
