package io.jenkins.plugins.gitops.engine.terraform;

/** What a plan does to a resource; a resource whose data only is read has none. */
public enum PlanAction {
    CREATE("+", "to add"),
    UPDATE("~", "to change"),
    /** Destroyed and created again, in either order. */
    REPLACE("-/+", "to replace"),
    DESTROY("-", "to destroy"),
    /** Its address changes and nothing else. */
    MOVE(">", "to move"),
    /** It becomes managed as it is. */
    IMPORT("<", "to import"),
    /** It stays and is no longer managed. */
    FORGET(".", "to forget");

    private final String sign;
    private final String clause;

    PlanAction(String sign, String clause) {
        this.sign = sign;
        this.clause = clause;
    }

    /** In front of the resource in a log. */
    public String sign() {
        return sign;
    }

    /** After a number. */
    public String clause() {
        return clause;
    }

    /** Whether what the resource holds is lost. */
    public boolean destroys() {
        return this == REPLACE || this == DESTROY;
    }
}
