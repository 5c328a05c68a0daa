package io.jenkins.plugins.gitops.notify;

import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.engine.promotion.PromotionListener;

/** For other plugins: hears what happens to releases on this controller. */
public abstract class PromotionNotification implements PromotionListener, ExtensionPoint {}
