package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Call;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one kind of provider answers. */
abstract class Dialect {

    private final List<Route> routes = new ArrayList<>();

    interface Answering {
        Reply answer(Call call, Matcher path);
    }

    private record Route(String method, Pattern path, Answering answering) {}

    /** Whether unchanged answers are not sent again. */
    boolean knowsTags() {
        return false;
    }

    /** Where a reader finds the next page; changes body or headers. */
    abstract Reply paged(Call call, List<ObjectNode> all);

    final void on(String method, String path, Answering answering) {
        routes.add(new Route(method, Pattern.compile(path), answering));
    }

    Reply answer(Call call) {
        for (Route route : routes) {
            Matcher path = route.path().matcher(call.path());
            if (route.method().equals(call.method()) && path.matches()) {
                return route.answering().answer(call, path);
            }
        }
        return new Reply(404, ForgeServer.object().put("message", "Not Found"));
    }
}
