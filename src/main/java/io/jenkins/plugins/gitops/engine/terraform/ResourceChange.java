package io.jenkins.plugins.gitops.engine.terraform;

import java.util.List;
import java.util.Optional;

/**
 * What a plan does to one resource.
 *
 * @param address unique, for example {@code module.db.aws_db_instance.shop["eu"]}; shortened where it is very long
 * @param type for example {@code aws_db_instance}
 * @param movedFrom the address that it has now, where that changes
 * @param importedAs the id under which it becomes managed, where it does
 * @param attributes those that change, each as a clause; never one that is sensitive
 * @param more how many further attributes change
 */
public record ResourceChange(
        String address,
        String type,
        PlanAction action,
        Optional<String> movedFrom,
        Optional<String> importedAs,
        List<String> attributes,
        int more) {

    public ResourceChange {
        attributes = List.copyOf(attributes);
    }

    @Override
    public String toString() {
        return action.sign() + " " + address
                + movedFrom.map(from -> " (moved from " + from + ")").orElse("")
                + importedAs.map(id -> " (imported as " + id + ")").orElse("");
    }
}
