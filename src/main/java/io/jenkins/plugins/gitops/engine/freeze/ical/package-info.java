/**
 * Freezes that an iCalendar address publishes (RFC 5545): text, recurrence, time zones, and the copies that a controller
 * keeps. Nothing in a calendar is trusted. What cannot be understood makes the whole calendar unreadable, because an event
 * that is left out would let promotions pass. Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.freeze.ical;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;
