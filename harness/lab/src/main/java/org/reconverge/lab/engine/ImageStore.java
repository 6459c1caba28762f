package org.reconverge.lab.engine;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reconverge.lab.ProgressListener;

/**
 * The router images, built on the engine when they are first needed and again only when their inputs change.
 *
 * <p>An image is tagged {@code reconverge/<name>:<hash>}, where the hash covers its files, its parents' and the Debian
 * below. So two versions never mix, and what exists is right. After a successful build, older tags of the same name
 * that neither a container nor another checkout on this host uses are removed, as are the layers of builds that were
 * never finished.
 *
 * <p>Safe for use by several threads and processes at once.
 */
public final class ImageStore {

    private static final String NAMESPACE = "reconverge/";
    private static final String PHASE = "images";

    /** How long the layers of a build on a shared engine are taken to be in the making by somebody else. */
    private static final Duration FOREIGN_BUILD = Duration.ofHours(1);

    /** A file lock holds between processes, not between threads of one. */
    private static final ReentrantLock BUILDING = new ReentrantLock();

    private final Engine engine;
    private final ProgressListener progress;
    private final ImageCatalogue catalogue;
    private final ImageUsers users;

    /**
     * Opens the store of an engine.
     *
     * @param engine where the images are and are built
     * @param progress told what is being built
     */
    public ImageStore(Engine engine, ProgressListener progress) {
        this(engine, progress, ImageCatalogue.onClassPath(), ImageUsers.ofThisUser());
    }

    ImageStore(Engine engine, ProgressListener progress, ImageCatalogue catalogue, ImageUsers users) {
        this.engine = engine;
        this.progress = progress;
        this.catalogue = catalogue;
        this.users = users;
    }

    /**
     * Reads what images are built from, in the background: about 0.1 s of work that every start needs soon, and can do
     * while it waits for other things.
     */
    public static void readAhead() {
        Thread reader = new Thread(
                () -> List.of(BaseImage.PULLED, BaseImage.BOOTSTRAPPED).forEach(ImageCatalogue.onClassPath()::tags),
                "reconverge-read-ahead");
        reader.setDaemon(true);
        reader.start();
    }

    /** How an image stands. */
    public enum State {
        /** It is there. */
        PRESENT,
        /** An older version is there; it will be built when it is needed. */
        STALE,
        /** It will be built when it is needed. */
        ABSENT
    }

    /**
     * An image and how it stands.
     *
     * @param name the name below {@code reconverge/}
     * @param tag the tag it has or will have; with no base present, the tag it will have where a registry answers
     * @param state how it stands
     */
    public record Status(String name, String tag, State state) {}

    /** Returns the names of all images that this version can build, parents first. */
    public Set<String> names() {
        return catalogue.names();
    }

    /**
     * Returns the tag of an image, and builds it first if it is missing.
     *
     * @throws IllegalArgumentException if there is no image of that name
     * @throws ImageBuildException if it cannot be built
     */
    public String ensure(String name) {
        return ensure(List.of(name)).values().iterator().next();
    }

    /**
     * Returns the tags of images by name, and builds those that are missing.
     *
     * @param names names below {@code reconverge/}
     * @return the tag of each, in the order of {@code names}
     * @throws IllegalArgumentException if there is no image of a name
     * @throws ImageBuildException if one cannot be built
     */
    public Map<String, String> ensure(Collection<String> names) {
        List<RouterImage> needed = catalogue.withParents(names);
        Map<String, String> tags = present(names)
                .orElseGet(() -> locked(() -> present(names).orElseGet(() -> buildMissing(names, needed))));
        users.use(tags);
        return tags;
    }

    private Map<String, String> buildMissing(Collection<String> names, List<RouterImage> needed) {
        String base = new BaseImage(engine, progress).obtain(false);
        Map<String, String> tags = catalogue.tags(base);
        Set<String> existing = existingTags();
        List<RouterImage> missing = needed.stream()
                .filter(image -> !existing.contains(tag(tags, image.name())))
                .toList();
        build(missing, tags, base, true);
        return select(names, tags);
    }

    /**
     * Builds every image anew from a fresh Debian, whether its inputs changed or not, to pick up security updates.
     *
     * @throws ImageBuildException if one cannot be built
     */
    public Map<String, String> rebuild() {
        return locked(() -> {
            String base = new BaseImage(engine, progress).obtain(true);
            Map<String, String> tags = catalogue.tags(base);
            build(List.copyOf(catalogue.images()), tags, base, false);
            return tags;
        });
    }

    /** Returns how every image stands. */
    public List<Status> status() {
        Set<String> existing = existingTags();
        Map<String, String> tags = Stream.of(BaseImage.PULLED, BaseImage.BOOTSTRAPPED)
                .map(catalogue::tags)
                .filter(candidate -> candidate.values().stream().anyMatch(existing::contains))
                .findFirst()
                .orElseGet(() -> catalogue.tags(BaseImage.PULLED));
        List<Status> status = new ArrayList<>();
        tags.forEach((name, tag) -> {
            boolean older = existing.stream().anyMatch(other -> other.startsWith(NAMESPACE + name + ":"));
            State state = existing.contains(tag) ? State.PRESENT : older ? State.STALE : State.ABSENT;
            status.add(new Status(name, tag, state));
        });
        return List.copyOf(status);
    }

    /**
     * Removes every image of ours that no container uses.
     *
     * @return the tags that were removed
     */
    public List<String> removeAll() {
        return locked(() -> {
            List<String> ours = images().stream()
                    .filter(image ->
                            image.getLabels() != null && image.getLabels().containsKey(Labels.IMAGE_TAG))
                    .flatMap(ImageStore::tags)
                    .filter(tag -> tag.startsWith(NAMESPACE))
                    .toList();
            List<String> removed = new ArrayList<>();
            // What others build on goes last: the engine keeps it until then.
            List<String> order = new ArrayList<>(ours);
            List<String> names = new ArrayList<>(catalogue.names());
            order.sort(Comparator.comparingInt((String tag) -> names.indexOf(nameOf(tag)))
                    .reversed());
            for (String tag : order) {
                if (remove(tag)) {
                    removed.add(tag);
                }
            }
            removeUnfinishedLayers();
            return List.copyOf(removed);
        });
    }

    /** Returns the tags of the images if all of them exist, on whichever base. */
    private Optional<Map<String, String>> present(Collection<String> names) {
        Set<String> existing = existingTags();
        return Stream.of(BaseImage.PULLED, BaseImage.BOOTSTRAPPED)
                .map(base -> select(names, catalogue.tags(base)))
                .filter(tags -> existing.containsAll(tags.values()))
                .findFirst();
    }

    private void build(List<RouterImage> images, Map<String, String> tags, String base, boolean cached) {
        Map<String, String> replaced = new HashMap<>();
        int done = 0;
        for (RouterImage image : images) {
            int before = done;
            String below = image.parent().map(tags::get).orElse(base);
            String tag = tag(tags, image.name());
            progress.progress(PHASE, image.name(), before, images.size());
            idOf(tag).ifPresent(id -> replaced.put(tag, id));
            ImageBuild build = new ImageBuild(
                    engine, step -> progress.progress(PHASE, image.name() + ": " + step, before, images.size()));
            try {
                build.run(
                        image.name(),
                        tag,
                        new ByteArrayInputStream(BuildContext.of(image)),
                        Map.of("BASE_IMAGE", below),
                        cached);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            done++;
        }
        progress.progress(PHASE, "", done, images.size());
        List<RouterImage> childrenFirst = new ArrayList<>(images);
        Collections.reverse(childrenFirst);
        for (RouterImage image : childrenFirst) {
            String tag = tag(tags, image.name());
            removeOlderTags(image.name(), tag);
            Optional<String> old = Optional.ofNullable(replaced.get(tag));
            old.filter(id -> !idOf(tag).equals(old)).ifPresent(this::remove);
        }
        removeUnfinishedLayers();
    }

    private void removeOlderTags(String name, String current) {
        Set<String> usedByOthers = users.usedByOthers();
        existingTags().stream()
                .filter(tag -> nameOf(tag).equals(name) && !tag.equals(current) && !usedByOthers.contains(tag))
                .forEach(this::remove);
    }

    /** Removes what is left of builds that failed or were killed; the user's own images on top of ours stay. */
    private void removeUnfinishedLayers() {
        List<Image> dangling = engine.client()
                .listImagesCmd()
                .withDanglingFilter(true)
                .withLabelFilter(Labels.IMAGE_UNFINISHED)
                .exec();
        for (Image image : dangling) {
            boolean finished = "".equals(image.getLabels().get(Labels.IMAGE_UNFINISHED));
            Instant created = Instant.ofEpochSecond(image.getCreated());
            boolean abandoned =
                    engine.isLocal() || created.isBefore(Instant.now().minus(FOREIGN_BUILD));
            if (!finished && abandoned) {
                remove(image.getId());
            }
        }
    }

    private Optional<String> idOf(String tag) {
        try {
            return Optional.of(engine.client().inspectImageCmd(tag).exec().getId());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private boolean remove(String image) {
        try {
            engine.client().removeImageCmd(image).exec();
            return true;
        } catch (ConflictException e) {
            return false; // a container uses it
        } catch (NotFoundException e) {
            return false; // gone with another one, or by another hand
        }
    }

    private Set<String> existingTags() {
        return images().stream().flatMap(ImageStore::tags).collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Image> images() {
        return engine.client()
                .listImagesCmd()
                .withReferenceFilter(NAMESPACE + "*")
                .exec();
    }

    private static Stream<String> tags(Image image) {
        return image.getRepoTags() == null ? Stream.empty() : Stream.of(image.getRepoTags());
    }

    private static String nameOf(String tag) {
        int colon = tag.lastIndexOf(':');
        return tag.substring(NAMESPACE.length(), colon < 0 ? tag.length() : colon);
    }

    private static Map<String, String> select(Collection<String> names, Map<String, String> tags) {
        Map<String, String> selected = new LinkedHashMap<>();
        names.forEach(name -> selected.put(name, tag(tags, name)));
        return selected;
    }

    private static String tag(Map<String, String> tags, String name) {
        return Objects.requireNonNull(tags.get(name), name);
    }

    private <T> T locked(Supplier<T> work) {
        BUILDING.lock();
        try (FileChannel channel = FileChannel.open(
                        XdgDirectories.cache().resolve("images.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            assert lock.isValid();
            return work.get();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock the images against other builds", e);
        } finally {
            BUILDING.unlock();
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock != null) {
            return lock;
        }
        progress.progress(PHASE, "waiting for another process that builds them", 0, 0);
        return channel.lock();
    }
}
