package com.cloudbees.plugins.credentials.domains;

import java.io.Serializable;

public class Domain implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Domain GLOBAL = new Domain();

    private Domain() {}

    public static Domain global() {
        return GLOBAL;
    }

    public boolean isGlobal() {
        return this == GLOBAL;
    }
}
