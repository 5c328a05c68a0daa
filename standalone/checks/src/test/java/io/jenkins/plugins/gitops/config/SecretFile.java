package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;

/** An empty file. */
record SecretFile(String id) implements FileCredentials {

    @Override
    public CredentialsScope getScope() {
        return CredentialsScope.GLOBAL;
    }

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
