package org.reconverge.model.check;

/**
 * A change of the site that answers a probe stream, in the order of the requests, so that replies that overtake each
 * other are no moves.
 *
 * @param from the site that answered before
 * @param to the site that answers from here on
 * @param after from the convergence event to the sending of the first probe that the new site answered; the true move
 *     lies between the probe before and this reply
 */
public record CatchmentMove(String from, String to, Measured after) {}
