package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.gitops.standalone.AgentStandIn;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import org.jenkinsci.remoting.RoleSensitive;

public final class FilePath {

    private final File file;

    public FilePath(@NonNull File localPath) {
        this.file = localPath;
    }

    public <T> Future<T> actAsync(FileCallable<T> callable) throws IOException, InterruptedException {
        return AgentStandIn.submit(file, callable);
    }

    public interface FileCallable<T> extends Serializable, RoleSensitive {

        T invoke(File f, VirtualChannel channel) throws IOException, InterruptedException;
    }
}
