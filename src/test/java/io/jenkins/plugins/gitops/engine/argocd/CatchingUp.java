package io.jenkins.plugins.gitops.engine.argocd;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.function.Consumer;

/** The server's end of a watch, which sends something of its own as soon as it is open. */
final class CatchingUp extends WebSocketListener {

    private final WebSocketListener watch;
    private final Consumer<WebSocket> opened;

    CatchingUp(WebSocketListener watch, Consumer<WebSocket> opened) {
        this.watch = watch;
        this.opened = opened;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
        watch.onOpen(socket, response);
        opened.accept(socket);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
        watch.onClosing(socket, code, reason);
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
        watch.onClosed(socket, code, reason);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable cause, Response response) {
        watch.onFailure(socket, cause, response);
    }
}
