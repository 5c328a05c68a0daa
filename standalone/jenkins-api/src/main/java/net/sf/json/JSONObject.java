package net.sf.json;

public final class JSONObject {

    private JSONObject() {}

    public String optString(String key) {
        throw new UnsupportedOperationException("only in Jenkins");
    }

    public Object remove(String key) {
        throw new UnsupportedOperationException("only in Jenkins");
    }

    public boolean has(String key) {
        throw new UnsupportedOperationException("only in Jenkins");
    }
}
