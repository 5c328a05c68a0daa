package io.jenkins.plugins.gitops.steps.changes

import org.jenkinsci.plugins.pipeline.modeldefinition.when.DeclarativeStageConditionalScript
import org.jenkinsci.plugins.workflow.cps.CpsScript

/** Asks gitopsChanges, in the workspace of the stage whose condition it is. */
class ChangeConditionScript extends DeclarativeStageConditionalScript<ChangeCondition> {

    ChangeConditionScript(CpsScript s, ChangeCondition c) {
        super(s, c)
    }

    @Override
    boolean evaluate() {
        return describable.holds(script.gitopsChanges())
    }
}
