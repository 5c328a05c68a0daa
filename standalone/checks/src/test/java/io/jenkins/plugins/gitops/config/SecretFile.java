package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;

/** An empty file. */
record SecretFile(String id) implements FileCredentials {

    @Override
    @NonNull
    public String getId() {
        return id;
    }

    @Override
    @NonNull
    public String getDescription() {
        return "";
    }

    @Override
    @NonNull
    public String getFileName() {
        return id;
    }

    @Override
    @NonNull
    public InputStream getContent() {
        return new ByteArrayInputStream(new byte[0]);
    }
}
