package net.sf.json;

public final class JSONObject {

    private JSONObject() {}

    public boolean has(String key) {
        throw new UnsupportedOperationException("only in Jenkins");
    }
}
