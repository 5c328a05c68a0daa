package io.jenkins.plugins.gitops.engine.terraform;

/** What a plan does to a resource; a resource whose data only is read has none. */
public enum PlanAction {
    CREATE("+", "to add", "added"),
    UPDATE("~", "to change", "updated"),
    /** Destroyed and created again, in either order. */
    REPLACE("-/+", "to replace", "replaced"),
    DESTROY("-", "to destroy", "destroyed"),
    /** Its address changes and nothing else. */
    MOVE(">", "to move", "moved"),
    /** It becomes managed as it is. */
    IMPORT("<", "to import", "imported"),
    /** It stays and is no longer managed. */
    FORGET(".", "to forget", "forgotten");

    private final String sign;
    private final String clause;
    private final String word;

    PlanAction(String sign, String clause, String word) {
        this.sign = sign;
        this.clause = clause;
        this.word = word;
    }

    /** In front of the resource in a log. */
    public String sign() {
        return sign;
    }

    /** After a number. */
    public String clause() {
        return clause;
    }

    /** What became of the resource, in results and in the ledger. */
    public String word() {
        return word;
    }

    /** Whether what the resource holds is lost. */
    public boolean destroys() {
        return this == REPLACE || this == DESTROY;
    }
}
