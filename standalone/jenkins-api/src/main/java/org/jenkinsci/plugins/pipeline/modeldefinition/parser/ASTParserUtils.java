package org.jenkinsci.plugins.pipeline.modeldefinition.parser;

import org.codehaus.groovy.ast.expr.Expression;
import org.jenkinsci.plugins.pipeline.modeldefinition.ast.ModelASTWhenContent;

public class ASTParserUtils {

    public static Expression transformWhenContentToRuntimeAST(ModelASTWhenContent original) {
        throw new UnsupportedOperationException("only in Jenkins");
    }
}
