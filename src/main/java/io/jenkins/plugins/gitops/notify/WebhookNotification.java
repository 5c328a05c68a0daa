package io.jenkins.plugins.gitops.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Webhook;
import java.net.URI;
import java.util.random.RandomGenerator;

/** Posts events to the webhook of the global configuration, if there is one. */
@Extension
public class WebhookNotification extends PromotionNotification {

    @Override
    public void heard(@NonNull PromotionEvent event) {
        Secret url = GitOpsConfiguration.get().getWebhookUrl();
        if (url == null) {
            return;
        }
        String secret = GitOpsConfiguration.get()
                .webhookSecret()
                .map(Secret::getPlainText)
                .orElse("");
        GitOpsServices services = GitOpsServices.get();
        new Webhook(
                        URI.create(url.getPlainText()),
                        secret,
                        services.http(),
                        services.scheduler(),
                        services.clock(),
                        RandomGenerator.getDefault(),
                        Webhook.Retry.USUAL)
                .heard(event);
    }
}
