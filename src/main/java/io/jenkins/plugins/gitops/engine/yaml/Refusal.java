package io.jenkins.plugins.gitops.engine.yaml;

/** Why a file was left alone. */
public enum Refusal {
    /** The bytes are not UTF-8. */
    NOT_UTF8,
    /** The file is larger or nested deeper than any configuration a person wrote. */
    TOO_LARGE,
    /** Aliases make the content many times larger than the file, or contain themselves. */
    ALIAS_BOMB,
    /** A tab stands where YAML wants spaces. */
    TAB_INDENTATION,
    /** Not YAML. */
    SYNTAX,
    /** Go template braces stand at the place: what YAML sees there is not what the template renders. */
    TEMPLATE,
    /** A key stands twice in a mapping on the way: readers disagree which one counts. */
    DUPLICATE_KEY,
    /** The value is shared with another key, which would change too. */
    SHARED_VALUE,
    /** Nothing stands at the path. */
    NOT_FOUND,
    /** More than one thing stands at the path, and they differ. */
    AMBIGUOUS,
    /** Another image stands at the path. */
    OTHER_IMAGE,
    /** What stands at the path cannot hold the value. */
    WRONG_KIND,
    /** The file is encrypted, or a checksum covers it, or it is not the content but a pointer to it. */
    SEALED,
    /** The deployment does not read what would be written. */
    NOT_READ,
    /** Written in a way that cannot be changed without changing something else. */
    UNSAFE
}
