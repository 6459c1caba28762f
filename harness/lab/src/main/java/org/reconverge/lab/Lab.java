package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.lab.engine.Labels;
import org.reconverge.lab.engine.Owner;
import org.reconverge.lab.engine.Reaper;
import org.reconverge.lab.engine.Sweeper;
import org.reconverge.lab.panel.PanelException;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.lab.panel.WireCapture;
import org.reconverge.lab.tunnel.TunnelEnd;
import org.reconverge.lab.tunnel.TunnelPlan;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ProcessChanged;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.HistoryEvent.Stage;
import org.reconverge.model.history.HistoryEvent.StageEntered;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.source.Position;
import org.reconverge.model.spec.Budget;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.Endpoint;
import org.reconverge.model.topology.Link;
import org.reconverge.model.topology.Node;
import org.reconverge.model.topology.NodeKind;
import org.reconverge.model.topology.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running platform: containers of the topology's nodes, their wires, and the emulators of service and clients.
 *
 * <p>A lab has no way out: every node starts with network mode {@code none}, and its only interfaces are wires to other
 * nodes of the same lab. Closing it removes everything it made; should this process die first, a reaper does.
 *
 * <p>A lab is safe for use by one thread at a time.
 */
public final class Lab implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lab.class);

    /** A fault is taken back by itself after so long; longer than any trial watches. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    /** How long after one router the next one is configured, on a machine that starts many of them at once. */
    private static final Duration NEXT_ROUTER = Duration.ofSeconds(2);

    private static final String TCP_PARAMETERS = "tcp_congestion_control tcp_early_retrans tcp_keepalive_intvl"
            + " tcp_keepalive_probes tcp_keepalive_time tcp_retries1 tcp_retries2 tcp_rmem tcp_rto_min_us tcp_sack"
            + " tcp_syn_retries tcp_synack_retries tcp_timestamps tcp_window_scaling tcp_wmem";

    private final LabOptions options;
    private final FailoverSpec spec;
    private final Topology topology;
    private final Engine engine;
    private final DockerClient client;
    private final ImageStore store;
    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, String> labels;
    private final Map<String, LabNode> nodes = new LinkedHashMap<>();
    private final Map<String, List<SideContainer>> services = new ConcurrentHashMap<>();
    private final List<SideContainer> probes = new CopyOnWriteArrayList<>();
    private final List<SideContainer> tunnels = new CopyOnWriteArrayList<>();
    private final Map<String, List<SideContainer>> concentrators = new ConcurrentHashMap<>();
    private final List<WireCapture> captures = new CopyOnWriteArrayList<>();
    private final List<SideContainer> waitingTunnels = new ArrayList<>();
    private final NodeFiles files;
    private final HistoryRecorder history = new HistoryRecorder();
    private final Map<String, Duration> startupPhases = new LinkedHashMap<>();
    private final ExecutorService workers;
    private final ScheduledExecutorService clockwork;
    private final Thread shutdownHook;
    private Map<String, String> images = Map.of();
    private TunnelPlan tunnelPlan = new TunnelPlan(List.of(), List.of(), Map.of(), Map.of());
    private @Nullable AutoCloseable reaper;
    private @Nullable PatchPanel panel;
    private @Nullable LabClock clock;
    private @Nullable RouteObserver routes;
    private @Nullable Injector injector;
    private @Nullable SteadyStateGate steadyState;
    private volatile @Nullable Recording recording;
    private boolean closed;

    private Lab(LabOptions options) {
        this.options = options;
        this.spec = options.spec();
        this.topology = options.topology();
        this.engine = options.engine();
        this.client = engine.client();
        this.files = new NodeFiles(directory(topology));
        this.store = new ImageStore(engine, options.progress());
        Map<String, String> all = new HashMap<>(Owner.current().labels());
        all.put(Labels.LAB, id);
        this.labels = Map.copyOf(all);
        this.workers = Executors.newFixedThreadPool(8, daemon("reconverge-lab-" + id));
        this.clockwork = Executors.newSingleThreadScheduledExecutor(daemon("reconverge-clock-" + id));
        this.shutdownHook = new Thread(this::removeEverything, "reconverge-shutdown-" + id);
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Starts a lab: images, reaper, containers, wires, daemons, emulators. It is not in steady state yet; see
     * {@link #awaitSteadyState()}.
     *
     * @throws LabException if a part of it could not be started; nothing is left behind then
     */
    public static Lab start(LabOptions options) {
        Lab lab = new Lab(options);
        try {
            lab.start();
            return lab;
        } catch (RuntimeException | Error e) {
            lab.close();
            throw e;
        }
    }

    /**
     * Starts a lab and waits for steady state.
     *
     * @throws SteadyStateException if it does not come to it; nothing is left behind then
     * @throws LabException if a part of it could not be started; nothing is left behind then
     */
    public static Lab startInSteadyState(LabOptions options) {
        Lab lab = start(options);
        try {
            lab.awaitSteadyState();
            return lab;
        } catch (RuntimeException | Error e) {
            lab.close();
            throw e;
        }
    }

    private void start() {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        timed("images", this::prepareImages);
        timed("containers", this::startContainers);
        timed("wires", this::connectWires);
        timed("daemons", this::startDaemons);
    }

    private void timed(String phase, Runnable work) {
        long start = System.nanoTime();
        work.run();
        startupPhases.put(phase, Duration.ofNanos(System.nanoTime() - start));
    }

    private void prepareImages() {
        progress("images", "checking", 0, 1);
        new Sweeper(engine).sweep();
        images = new NodeImages(engine, store, spec).resolve(topology);
        progress("images", images.size() + " present", 1, 1);
    }

    private String ownImage(String name) {
        return image(NodeImages.OWN + name);
    }

    private String image(String key) {
        return Objects.requireNonNull(images.get(key), () -> "no image for " + key);
    }

    private void startContainers() {
        reaper = Reaper.start(engine, store, id);
        List<Node> linux = topology.nodes().values().stream()
                .filter(node -> node.kind() == NodeKind.LINUX)
                .toList();
        NodeContainers factory = new NodeContainers(client, files);
        List<Callable<LabNode>> tasks = new ArrayList<>();
        PhaseCount created = new PhaseCount(options.progress(), "containers", linux.size());
        for (Node node : linux) {
            tasks.add(() -> {
                String container = factory.create(
                        node, image(node.name()), containerName(node.name()), labels("node", node.name()));
                LabNode running = new LabNode(client, node, container);
                client.startContainerCmd(container).exec();
                running.started();
                created.done(node.name());
                return running;
            });
        }
        Future<PatchPanel> starting = workers.submit(() ->
                PatchPanel.start(client, ownImage("panel"), containerName("panel"), labels("panel", ""), topology));
        Map<String, LabNode> byName = new HashMap<>();
        inParallel(tasks).forEach(node -> byName.put(node.name(), node));
        linux.forEach(node -> nodes.put(node.name(), byName.get(node.name())));
        PatchPanel started = result(starting);
        panel = started;
        nodes.values().forEach(node -> files.place(node, started));
        LabClock compared = LabClock.compare(started::clock);
        clock = compared;
        injector = new Injector(this, started, client, compared, history);
        started.onAnnouncement(this::announced);
    }

    private static Path directory(Topology topology) {
        return Objects.requireNonNull(topology.file().toAbsolutePath().getParent(), "a file is in a directory");
    }

    private void connectWires() {
        PatchPanel connected = panel();
        connected.connectAll(pids());
        progress(
                "wires",
                "connected",
                connected.wires().size(),
                connected.wires().size());
        routes = new RouteObserver(connected, clock(), spec.steadyState().ignoredRoutes(), history::append);
    }

    /**
     * Lets routers go first, and everything else when they are configured: their sessions take seconds from then on in
     * which they need no processor, and all else has time to start. Nodes with company, an emulator or the end of a
     * tunnel, follow once that is there: hosts of the service before clients, for the network waits for the service.
     */
    private void startDaemons() {
        PhaseCount letGo = new PhaseCount(options.progress(), "daemons", nodes.size());
        Set<String> accompanied = Stream.concat(
                        spec.sites().values().stream().flatMap(site -> site.hosts().stream()),
                        spec.clients().values().stream().map(ClientSpec::node))
                .collect(Collectors.toSet());
        List<LabNode> first = new ArrayList<>();
        List<LabNode> last = new ArrayList<>();
        nodes.values().stream()
                .filter(node -> !accompanied.contains(node.name()))
                .forEach(node -> (node.definition().startupDelay().isZero() ? first : last).add(node));
        List<CompletableFuture<Void>> started = new ArrayList<>();
        try {
            letGoAndAwaitRoutes(first, letGo, started);
            tunnelPlan = TunnelPlan.of(spec);
            Emulators emulators =
                    new Emulators(client, ownImage("emulator"), this::labels, this::containerName, history);
            startWithCompany(companyOfHosts(emulators), letGo, started);
            new ClientFirewall(panel(), tunnelPlan.interfaces()).apply(spec, nodes);
            startWithCompany(companyOfClients(emulators), letGo, started);
            createClientTunnels();
            last.forEach(node -> started.add(letGoLater(node, letGo)));
        } finally {
            results(started);
        }
        steadyState = new SteadyStateGate(this, history);
        clockwork.scheduleAtFixedRate(this::readClock, 1, 1, TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> letGoLater(LabNode node, PhaseCount count) {
        return CompletableFuture.runAsync(() -> letGo(node, count), workers);
    }

    /**
     * Lets nodes go, and waits for each to get a route: its daemons have read their configuration then. A node need not
     * have any, so this ends when no further one has come in for some time, too.
     */
    private void letGoAndAwaitRoutes(List<LabNode> routers, PhaseCount count, List<CompletableFuture<Void>> started) {
        Set<String> pending = ConcurrentHashMap.newKeySet();
        routers.forEach(node -> pending.add(node.name()));
        BlockingQueue<String> configured = new LinkedBlockingQueue<>();
        try (HistoryRecorder.Listener listener = history.listen(event -> {
            if (event instanceof RouteChanged change && pending.remove(change.node())) {
                configured.add(change.node());
            }
        })) {
            routers.forEach(node -> started.add(letGoLater(node, count)));
            for (int i = 0; i < routers.size(); i++) {
                if (configured.poll(NEXT_ROUTER.toMillis(), TimeUnit.MILLISECONDS) == null) {
                    LOG.debug("these have no route yet: {}", pending);
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while the lab started", e);
        }
    }

    /**
     * Starts what runs beside nodes, and returns when all of it does. Each node is let go as soon as its own company is
     * there; {@code started} is when.
     */
    private void startWithCompany(
            Map<String, List<Supplier<SideContainer>>> company,
            PhaseCount count,
            List<CompletableFuture<Void>> started) {
        List<Future<SideContainer>> containersToCome = new ArrayList<>();
        company.forEach((name, tasks) -> {
            List<CompletableFuture<SideContainer>> ofNode = tasks.stream()
                    .map(task -> CompletableFuture.supplyAsync(task, workers))
                    .toList();
            containersToCome.addAll(ofNode);
            started.add(CompletableFuture.allOf(ofNode.toArray(CompletableFuture<?>[]::new))
                    .thenRunAsync(() -> letGo(node(name), count), workers));
        });
        results(containersToCome);
    }

    private void letGo(LabNode node, PhaseCount count) {
        letGo(node);
        count.done(node.name());
    }

    /** Opens a node's gate and runs its {@code exec} lines in order, each as containerlab does: words, not a shell. */
    private void letGo(LabNode node) {
        if (!node.definition().startupDelay().isZero()) {
            sleepUntil(System.nanoTime() + node.definition().startupDelay().toNanos());
        }
        files.placeOverEngines(node, panel());
        panel().run("open-gate " + node.pid() + "\n");
        for (String line : node.definition().exec()) {
            var result = node.run(ShellWords.quote(ShellWords.split(line)));
            if (result.status() != 0) {
                // As in containerlab: reported, and the lab goes on.
                LOG.warn("node {}: exit status {} of '{}': {}", node.name(), result.status(), line, result.output());
            }
        }
        if (!node.isRunning()) {
            throw new LabException(node.diedMessage());
        }
    }

    private static void sleepUntil(long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
    }

    /** What starts beside the hosts of the service: the service, and the concentrators of tunnels. */
    private Map<String, List<Supplier<SideContainer>>> companyOfHosts(Emulators emulators) {
        Map<String, List<Supplier<SideContainer>>> company = new LinkedHashMap<>();
        spec.sites()
                .values()
                .forEach(site -> site.hosts()
                        .forEach(host -> company.computeIfAbsent(host, name -> new ArrayList<>())
                                .add(() -> {
                                    SideContainer service = emulators.service(spec, site, node(host));
                                    services.computeIfAbsent(site.name(), name -> new CopyOnWriteArrayList<>())
                                            .add(service);
                                    return service;
                                })));
        // As the configuration of a concentrator lies on its host, for the host's health check to know what to look at.
        tunnelPlan.ports().forEach((node, ports) -> {
            String lines = ports.stream().map(port -> port + "\n").collect(Collectors.joining());
            files.write(node(node), panel(), TunnelPlan.PORTS, lines);
        });
        tunnelPlan
                .concentrators()
                .forEach(end -> company.computeIfAbsent(end.node(), name -> new ArrayList<>())
                        .add(() -> {
                            SideContainer concentrator = create(end);
                            concentrators
                                    .computeIfAbsent(end.node(), node -> new CopyOnWriteArrayList<>())
                                    .add(concentrator);
                            concentrator.start();
                            return concentrator;
                        }));
        return company;
    }

    private Map<String, List<Supplier<SideContainer>>> companyOfClients(Emulators emulators) {
        Map<String, List<Supplier<SideContainer>>> company = new LinkedHashMap<>();
        emulators
                .clientsByNode(spec)
                .forEach((name, clients) -> company.put(name, List.of(() -> {
                    SideContainer probe = emulators.probes(clients, node(name));
                    probes.add(probe);
                    return probe;
                })));
        return company;
    }

    /**
     * Creates the clients' ends of tunnels. They start when every session is up and every client at home, as a gateway is
     * switched on long before the fault: a tunnel set up across a catchment that still moves would be the first victim.
     */
    private void createClientTunnels() {
        waitingTunnels.addAll(inParallel(tunnelPlan.clients().stream()
                .<Callable<SideContainer>>map(end -> () -> create(end))
                .toList()));
    }

    private SideContainer create(TunnelEnd end) {
        TunnelContainers ends =
                new TunnelContainers(client, ownImage("vpn"), this::labels, this::containerName, history);
        SideContainer container = ends.create(end, node(end.node()));
        tunnels.add(container);
        return container;
    }

    /** Starts the clients' ends of tunnels, if they have not been started yet. */
    void startClientTunnels() {
        if (!waitingTunnels.isEmpty()) {
            progress("tunnels", "starting", 0, waitingTunnels.size());
            inParallel(waitingTunnels.stream()
                    .<Callable<SideContainer>>map(container -> () -> {
                        container.start();
                        return container;
                    })
                    .toList());
            progress("tunnels", "started", waitingTunnels.size(), waitingTunnels.size());
            waitingTunnels.clear();
        }
    }

    private void readClock() {
        try {
            HistoryEvent.ClockSync sync = panel().clock();
            clock().sync(sync);
            history.append(sync);
        } catch (RuntimeException e) {
            LOG.debug("the panel's clock could not be read", e);
        }
    }

    private void announced(String text) {
        String[] words = text.split(" ");
        if (words[0].equals("process")) {
            history.append(new ProcessChanged(
                    new MonotonicTime(Long.parseLong(words[5])),
                    words[1],
                    words[2],
                    Long.parseLong(words[3]),
                    words[4].equals("started")));
        }
    }

    /** Waits until the lab is healthy and still, as the spec defines it. */
    public void awaitSteadyState() {
        long start = System.nanoTime();
        steadyState().await(options.progress());
        startupPhases.putIfAbsent("steady state", Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * Applies a fault. It stays until the injection, or the lab, is closed.
     *
     * @throws LabException if it hits nothing, or could not be applied; nothing of it is left then
     */
    public Injection inject(Fault fault) {
        recording().ifPresent(recording -> recording.watchProcesses(fault));
        return injector().inject(fault, LEASE);
    }

    /**
     * Returns a node.
     *
     * @throws IllegalArgumentException if the topology has none of that name, or it is a bridge
     */
    public LabNode node(String name) {
        LabNode node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node is called '" + name + "'; there are " + nodes.keySet());
        }
        return node;
    }

    /** Returns the nodes that are containers, in the order of the topology. */
    public Collection<LabNode> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /**
     * Returns a client.
     *
     * @throws IllegalArgumentException if the spec has none of that name
     */
    public Client client(String name) {
        var client = spec.clients().get(name);
        if (client == null) {
            throw new IllegalArgumentException("no client is called '" + name + "'; there are "
                    + spec.clients().keySet());
        }
        return new Client(this, client);
    }

    /** Returns the containers of the tunnels that end at a service host; empty if none do. */
    List<SideContainer> concentrators(String node) {
        return concentrators.getOrDefault(node, List.of());
    }

    /** Returns the containers that run the service of a site, one on each of its hosts. */
    List<SideContainer> services(String site) {
        List<SideContainer> running = services.getOrDefault(site, List.of());
        if (running.isEmpty()) {
            throw new LabException("site " + site + " runs no service");
        }
        return running;
    }

    /**
     * Wires a container that this lab did not start into it: a real SCADA server, a database. The container must run, with
     * network mode {@code none}; it is not removed with the lab.
     *
     * @param container the container's id
     * @param name the name of the node that it becomes
     * @param interfaceName the interface it gets
     * @param peer the endpoint at the other end: an interface that the peer node does not have yet
     * @param commands commands run inside the container's network namespace after wiring, such as
     *     {@code ip addr add 198.18.0.2/24 dev eth1}; they are the panel's tools, so the image needs none
     */
    public LabNode attach(String container, String name, String interfaceName, Endpoint peer, String... commands) {
        if (nodes.containsKey(name)) {
            throw new IllegalArgumentException("a node called '" + name + "' exists already");
        }
        Position here = new Position(Path.of("attach"), 1, 1);
        Node definition = new Node(
                name,
                NodeKind.LINUX,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                Duration.ZERO,
                Optional.empty(),
                Map.of(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                here);
        LabNode node = new LabNode(client, definition, container);
        node.started();
        nodes.put(name, node);
        panel().addWire(new Link(new Endpoint(name, interfaceName), peer, OptionalInt.empty(), here), pids());
        StringBuilder script = new StringBuilder();
        for (String command : commands) {
            script.append("sh nsenter -t ")
                    .append(node.pid())
                    .append(" -n ")
                    .append(command)
                    .append('\n');
        }
        panel().run(script.toString());
        routes().refresh(panel());
        return node;
    }

    /**
     * Records what is on the wires, until the capture or the lab is closed. It costs some percent of a processor.
     *
     * @param file where to, as pcapng; compressed if its name ends in {@code .gz}, which Wireshark reads as it is
     * @param comment stands in the file
     * @throws PanelException if it cannot be started, or the file not be written
     */
    public WireCapture capture(Path file, String comment) {
        WireCapture capture =
                panel().capture(file, "lab " + topology.name() + (comment.isEmpty() ? "" : ": " + comment));
        captures.add(capture);
        return capture;
    }

    /** Forgets a container that was attached, before its owner removes it; its wire goes with its network namespace. */
    public void detach(LabNode attached) {
        attached.closeShell();
        nodes.remove(attached.name(), attached);
        panel().removeWires(attached.name());
    }

    /**
     * Gives nodes their power back: container, wires, gate, {@code exec} lines, side containers.
     *
     * @return when the carriers came back
     */
    PatchPanel.Applied powerOn(List<LabNode> down) {
        inParallel(down.stream()
                .<Callable<LabNode>>map(node -> () -> {
                    node.closeShell();
                    if (!node.isRunning()) {
                        client.startContainerCmd(node.container()).exec();
                    }
                    node.started();
                    return node;
                })
                .toList());
        PatchPanel.Applied applied =
                panel().reconnect(down.stream().map(LabNode::name).toList(), pids());
        inParallel(down.stream()
                .<Callable<LabNode>>map(node -> () -> {
                    letGo(node);
                    node.companions().forEach(SideContainer::start);
                    return node;
                })
                .toList());
        new ClientFirewall(panel(), tunnelPlan.interfaces()).apply(spec, nodes);
        routes().refresh(panel());
        return applied;
    }

    /** Returns what is left of faults that were taken back: wires without carrier, drops, stopped or dead processes. */
    public List<String> residue() {
        List<String> found = new ArrayList<>(panel().residue());
        StringBuilder pids = new StringBuilder();
        for (LabNode node : nodes.values()) {
            var state = client.inspectContainerCmd(node.container()).exec().getState();
            if (Boolean.TRUE.equals(state.getPaused())) {
                found.add("node " + node.name() + " is still frozen");
            } else if (!Boolean.TRUE.equals(state.getRunning())) {
                found.add("node " + node.name() + " does not run");
            } else {
                node.mainProcesses().forEach(pid -> pids.append(' ').append(pid));
            }
        }
        String stopped = panel().run("stopped" + pids + "\n").output();
        stopped.lines().forEach(line -> found.add("process " + line + " is still stopped"));
        return found;
    }

    /** Listens to the history from now on. */
    HistoryRecorder.Listener listen(Consumer<HistoryEvent> consumer) {
        return history.listen(consumer);
    }

    /**
     * Records everything that is observed from now on. Clients answer questions from the recording that was started last.
     *
     * @param started its first line
     */
    public Recording startRecording(TrialStarted started) {
        return startRecording(started, event -> {});
    }

    /**
     * Begins to record a trial.
     *
     * @param started its first line
     * @param journal is given every event at once, one at a time, so that a process that dies leaves what it had seen
     */
    public Recording startRecording(TrialStarted started, Consumer<HistoryEvent> journal) {
        Recording begun = new Recording(this, started, journal);
        recording = begun;
        return begun;
    }

    /**
     * Hears everything that is observed from now on, beginning with the states of tunnels and sessions. For people to
     * watch: a verdict comes from a recording.
     *
     * @param watcher is given one event at a time, by the thread that observed it, which must not wait
     */
    public Watch watch(Consumer<HistoryEvent> watcher) {
        return history.listen(watcher)::close;
    }

    /** Ends the watching when it is closed. */
    @FunctionalInterface
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns the recording under way. */
    public Optional<Recording> recording() {
        return Optional.ofNullable(recording);
    }

    Recording requireRecording() {
        return recording()
                .orElseThrow(() -> new IllegalStateException(
                        "expected a recording under way, but there is none; see Lab.startRecording"));
    }

    void recordingEnded(Recording ended) {
        if (recording == ended) {
            recording = null;
        }
    }

    /** Notes that a part of a trial begins. */
    public void enter(Stage stage) {
        record(new StageEntered(now(), stage));
    }

    /** Returns the faults in force. */
    public List<Fault> faultsInForce() {
        return injector().inForce();
    }

    /**
     * Takes back every fault in force, the latest first.
     *
     * @throws LabException if something of one is left
     */
    public void revertFaults() {
        injector().revertAll();
    }

    void record(HistoryEvent event) {
        history.append(event);
    }

    /** Returns the current reading of the clock that every container of the lab shares. */
    public MonotonicTime now() {
        return clock().now();
    }

    /** Returns the lab's id, which every container of it carries as a label. */
    public String id() {
        return id;
    }

    /** Returns what must hold on this lab. */
    public FailoverSpec spec() {
        return spec;
    }

    /** Returns the topology that this lab realises. */
    public Topology topology() {
        return topology;
    }

    /** Returns the default budget of the spec. */
    public Budget budget() {
        return spec.budget();
    }

    /** Returns how long each phase of the start took. */
    public Map<String, Duration> startupPhases() {
        return Collections.unmodifiableMap(startupPhases);
    }

    /** Describes the lab for the evidence, with what its routers negotiated; costs each router two processes. */
    public LabDescription describe() {
        Map<String, Map<String, String>> tcp = new HashMap<>();
        Stream.concat(
                        spec.clients().values().stream().map(ClientSpec::node),
                        spec.sites().values().stream().flatMap(site -> site.hosts().stream()))
                .forEach(node -> tcp.computeIfAbsent(node, name -> tcpParameters(node(name))));
        return new LabDescription(id, startupPhases, images, steadyState().peerings(), tcp);
    }

    private static Map<String, String> tcpParameters(LabNode node) {
        Map<String, String> values = new TreeMap<>();
        // A kernel that does not know one of them prints nothing for it.
        String script = "cd /proc/sys/net/ipv4; for name in " + TCP_PARAMETERS
                + "; do [ -r $name ] && echo \"$name $(cat $name)\"; done; true";
        node.run(script).output().lines().forEach(line -> {
            String[] words = line.strip().split("\\s+", 2);
            if (words.length == 2) {
                values.put(words[0], words[1]);
            }
        });
        return values;
    }

    /** Returns the image that each node runs, by node name. */
    public Map<String, String> images() {
        return images;
    }

    /** Returns the engine that the lab runs on. */
    public Engine engine() {
        return engine;
    }

    /** Returns the patch panel; its faults are the lab's business. */
    public PatchPanel panel() {
        return started(panel);
    }

    LabClock clock() {
        return started(clock);
    }

    private RouteObserver routes() {
        return started(routes);
    }

    Injector injector() {
        return started(injector);
    }

    /** Says of each emulator of a client that has ended what its last words were. */
    List<String> emulatorsEnded() {
        return probes.stream()
                .filter(SideContainer::hasEnded)
                .map(probe -> "an emulator of the clients has ended: " + String.join("; ", probe.errors()))
                .toList();
    }

    SteadyStateGate steadyState() {
        return started(steadyState);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the lab has not been started that far");
        }
        return part;
    }

    private Map<String, Long> pids() {
        Map<String, Long> pids = new HashMap<>();
        nodes.forEach((name, node) -> pids.put(name, node.pid()));
        return pids;
    }

    private String containerName(String part) {
        return "reconverge-" + topology.name() + "-" + id + "-" + part;
    }

    private Map<String, String> labels(String role, String node) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(Labels.ROLE, role);
        if (!node.isEmpty()) {
            all.put(Labels.NODE, node);
        }
        return all;
    }

    private void progress(String phase, String detail, int done, int total) {
        options.progress().progress(phase, detail, done, total);
    }

    private <T> List<T> inParallel(List<Callable<T>> tasks) {
        return results(tasks.stream().map(workers::submit).toList());
    }

    /** Waits for all of them, so that nothing goes on behind a failure. */
    private static <T> List<T> results(List<? extends Future<T>> futures) {
        List<T> results = new ArrayList<>();
        @Nullable RuntimeException failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(result(future));
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new LabException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while the lab was starting", e);
        }
    }

    /** Removes every container of the lab, and with them every namespace and wire. Closing again does nothing. */
    @Override
    public void close() {
        removeEverything();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.trace("the virtual machine is shutting down", e);
        }
    }

    private synchronized void removeEverything() {
        if (closed) {
            return;
        }
        closed = true;
        clockwork.shutdownNow();
        if (routes != null) {
            routes.close();
        }
        for (WireCapture capture : captures) {
            try {
                capture.close();
            } catch (PanelException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        nodes.values().forEach(LabNode::closeShell);
        services.values().forEach(running -> running.forEach(SideContainer::close));
        probes.forEach(SideContainer::close);
        tunnels.forEach(SideContainer::close);
        if (panel != null) {
            panel.close();
        }
        // By label and not by what is remembered: an interrupted start may have created more than it could note.
        List<Callable<String>> removals =
                client.listContainersCmd().withShowAll(true).withLabelFilter(Map.of(Labels.LAB, id)).exec().stream()
                        .filter(container ->
                                !"reaper".equals(container.getLabels().get(Labels.ROLE)))
                        .<Callable<String>>map(container -> () -> remove(container.getId()))
                        .toList();
        try {
            for (Future<String> removal : workers.invokeAll(removals)) {
                removal.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("a container of lab {} could not be removed; the reaper will try again", id, e.getCause());
        }
        workers.shutdown();
        if (reaper != null) {
            try {
                reaper.close();
            } catch (Exception e) {
                LOG.warn("the reaper of lab {} did not end", id, e);
            }
        }
    }

    private String remove(String container) {
        try {
            client.removeContainerCmd(container)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException e) {
            LOG.trace("already gone or going", e);
        }
        return container;
    }
}
