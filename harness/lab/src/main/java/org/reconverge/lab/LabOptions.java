package org.reconverge.lab;

import org.reconverge.lab.engine.Engine;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.Topology;

/**
 * What a lab is started from.
 *
 * @param spec what must hold
 * @param topology what is there
 * @param engine where it runs
 * @param progress hears how far the start has come
 */
public record LabOptions(FailoverSpec spec, Topology topology, Engine engine, ProgressListener progress) {}
