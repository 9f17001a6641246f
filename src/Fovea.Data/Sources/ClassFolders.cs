using Fovea.Data.Files;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>Opens folders whose folders are classes: <c>DIR/train/CLASS/…</c> beside <c>DIR/val/CLASS/…</c>, or <c>DIR/CLASS/…</c> alone.</summary>
/// <remarks>
/// Parts are known by their usual names in any case (<c>Training</c>, <c>validation</c>, <c>eval</c>, <c>test_set</c>, <c>val2017</c>); of a part for
/// validation and one for testing, the first is evaluated on. Classes are sorted by the ordinal values of their names, images by their paths. Images may
/// lie in folders within the class folder, each real one counts once, and where links lead out of the folder, a warning says so. Hidden files and folders
/// do not count; files with other endings than those of JPEG, PNG, WebP and BMP are counted in a warning, and what is no file is never opened.
/// </remarks>
public static class ClassFolders
{
    /// <summary>Opens a data set for training.</summary>
    /// <param name="root">The data folder.</param>
    /// <param name="options">How it is read; the defaults if <see langword="null"/>.</param>
    /// <param name="stop">Ends a listing that takes long, or hangs in the system.</param>
    /// <exception cref="DataException">
    /// The folder is missing, empty or unreadable; there are too few classes, a class without training images, or a class in the validation
    /// part that the training part lacks; two folders may be the same part, or what looks like classes are parts; a name is not UTF-8.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and the listing did not end soon.</exception>
    public static DataParts Open(string root, OpenOptions? options = null, CancellationToken stop = default) =>
        Interruptible.Run(left => Opened(root, Checked(options), left), stop);

    private static DataParts Opened(string root, OpenOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(root);
        var layout = FolderLayout.Find(root);
        if (layout.Train is not { } trainPart) throw NoTrain(root, layout);
        var listing = new FolderListing(root, options.Quarantined, stop);
        var warnings = new List<string>(layout.Warnings);
        var classNames = FolderListing.Folders(Path.Join(root, trainPart));
        var train = classNames.Select(name => listing.Images(trainPart, name)).ToArray();
        CheckClasses(root, trainPart, classNames, train, options, warnings);
        var result = layout.Validation is not null
            ? (Numbered(train), Numbered(Validation(root, layout, classNames, listing, warnings)))
            : Split(root, classNames, train, options, warnings);
        if (layout.Validation is null && trainPart.Length > 0 && options.ValidationFraction > 0)
            warnings.Add(
                $"{Printable.Of(root)}: beside {Printable.Of(trainPart)}/ there is no val/ or test/; "
                + $"{options.ValidationFraction} of each class of {Printable.Of(trainPart)}/ is held back");
        warnings.AddRange(listing.Warnings());
        return new(new ImageFiles(root, classNames, result.Item1), new ImageFiles(root, classNames, result.Item2), warnings);
    }

    /// <summary>Opens one part of a data set for a model that knows its classes; names are matched, never places.</summary>
    /// <remarks>
    /// A folder with class folders alone has no parts of its own: the wanted one is what the split of <paramref name="options"/> makes of it, and all
    /// images if the fraction is 0.
    /// </remarks>
    /// <param name="root">The data folder.</param>
    /// <param name="classNames">The model's classes.</param>
    /// <param name="validation">Whether the validation part is wanted rather than the training part.</param>
    /// <param name="options">How the folder is read; the defaults if <see langword="null"/>.</param>
    /// <param name="stop">Ends a listing that takes long, or hangs in the system.</param>
    /// <returns>The images, and warnings, one line each.</returns>
    /// <exception cref="DataException">
    /// The folder is missing, empty or unreadable, lacks the part, or has a class that the model lacks; a name is not UTF-8.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and the listing did not end soon.</exception>
    public static (ImageFiles Images, IReadOnlyList<string> Warnings) OpenFor(
        string root, IReadOnlyList<string> classNames, bool validation = true, OpenOptions? options = null, CancellationToken stop = default) =>
        Interruptible.Run(left => OpenedFor(root, classNames, validation, Checked(options), left), stop);

    private static (ImageFiles Images, IReadOnlyList<string> Warnings) OpenedFor(
        string root, IReadOnlyList<string> classNames, bool validation, OpenOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(root);
        var layout = FolderLayout.Find(root);
        var isSplit = layout.Validation is not null || options.ValidationFraction == 0;
        var part = (validation && layout.Validation is not null ? layout.Validation : layout.Train)
            ?? throw NoTrain(root, layout);
        var listing = new FolderListing(root, options.Quarantined, stop);
        var folders = FolderListing.Folders(Path.Join(root, part));
        CheckKnown(Path.Join(root, part), folders, classNames);

        var (files, warnings, both) = (new List<(string, int)>(), new List<string>(layout.Warnings), new List<string>());
        for (var label = 0; label < classNames.Count; label++)
        {
            var keys = folders.Contains(classNames[label]) ? listing.Images(part, classNames[label]) : [];
            var (train, held) = SplitRule.Divide(keys.Count, classNames[label], isSplit ? 0 : options.ValidationFraction, options.SplitSeed);
            files.AddRange((validation && !isSplit ? held : train).Select(i => (keys[i], label)));
            if (held.Length > 0 && ReferenceEquals(held, train)) both.Add(classNames[label]);
        }

        if (files.Count == 0) throw new DataException(Path.Join(root, part), "its folders hold no images", "class folders with images");
        var missing = classNames.Except(files.Select(file => classNames[file.Item2])).ToArray();
        if (missing.Length > 0) warnings.Add(EmptyClasses.Unjudged(Path.Join(root, part), missing));
        if (both.Count > 0) warnings.Add(SplitRule.OnBothSides(root, both, options.ValidationFraction));
        return (new(root, classNames, files), [.. warnings, .. listing.Warnings()]);
    }

    /// <summary>The folders of all parts, as in <c>train</c> and <c>val</c>; of class folders in the root itself, the empty name alone.</summary>
    /// <param name="root">The data folder.</param>
    /// <exception cref="DataException">The folder is missing, empty, or has no class folders.</exception>
    public static IReadOnlyList<string> Parts(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return FolderLayout.AllParts(root);
    }

    /// <summary>Whether a data folder has a part to evaluate on, so that nothing needs to be held back.</summary>
    /// <param name="root">The data folder.</param>
    /// <exception cref="DataException">The folder is missing, empty, or has no class folders; two folders may be the same part.</exception>
    public static bool HasValidation(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return FolderLayout.Find(root).Validation is not null;
    }

    /// <summary>Opens every image of every part, as for counting and checking.</summary>
    /// <param name="root">The data folder.</param>
    /// <param name="stop">Ends a listing that takes long, or hangs in the system.</param>
    /// <exception cref="DataException">The folder is missing, empty or unreadable; a name is not UTF-8.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and the listing did not end soon.</exception>
    public static (ImageFiles Images, IReadOnlyList<string> Warnings) OpenAll(string root, CancellationToken stop = default) =>
        Interruptible.Run(left => OpenedAll(root, left), stop);

    private static (ImageFiles Images, IReadOnlyList<string> Warnings) OpenedAll(string root, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(root);
        var parts = FolderLayout.AllParts(root);
        var listing = new FolderListing(root, [], stop);
        string[] classNames = [.. parts.SelectMany(part => FolderListing.Folders(Path.Join(root, part))).Distinct().Order(StringComparer.Ordinal)];
        var (files, warnings) = (new List<(string, int)>(), new List<string>());
        foreach (var part in parts)
        {
            var images = classNames.Select(name => listing.Images(part, name)).ToArray();
            if (LayoutDoubts.Refusal(root, part, classNames, images) is { } doubt) warnings.Add(doubt.Message);
            warnings.AddRange(LayoutDoubts.Warnings(root, part, classNames, images).Except(warnings));
            files.AddRange(Numbered(images));
        }

        return files.Count > 0
            ? (new(root, classNames, files), [.. warnings, .. listing.Warnings()])
            : throw new DataException(root, $"its {Amount.Of(classNames.Length, "folder holds", "folders hold")} no images", "class folders with images");
    }

    internal static string Listed(IReadOnlyCollection<string> names)
    {
        const int shown = 5;
        var named = string.Join(", ", names.Take(shown).Select(Printable.Of));
        return names.Count <= shown ? named : $"{named} and {names.Count - shown} more";
    }

    private static OpenOptions Checked(OpenOptions? options)
    {
        options ??= new();
        return options.ValidationFraction is >= 0 and < 1
            ? options
            : throw new ArgumentOutOfRangeException(nameof(options), $"the validation fraction is {options.ValidationFraction}; wanted 0 to 1 (exclusive)");
    }

    private static DataException NoTrain(string root, FolderLayout layout) =>
        new(root, $"there is {Printable.Of(layout.Validation!)}/ but no train/", "both, or class folders alone");

    private static void CheckKnown(string folder, string[] folders, IReadOnlyList<string> classNames)
    {
        if (folders.Except(classNames).ToArray() is { Length: > 0 } unknown)
            throw new DataException(
                folder, $"the model does not know {Listed(unknown)}{Alike(unknown, classNames)}", $"its {classNames.Count} classes ({Listed(classNames)})");
    }

    /// <summary>That an unknown name prints like a known one, if it does.</summary>
    private static string Alike(string[] unknown, IReadOnlyList<string> known) =>
        (from name in unknown
         let like = Lookalikes.Of(name, known)
         where like is not null
         select $", which prints like its {Printable.Of(like)} but is written with other characters (NFC and NFD?)").FirstOrDefault("");

    private static void CheckClasses(
        string root, string part, string[] classNames, List<string>[] images, OpenOptions options, List<string> warnings)
    {
        var folder = Path.Join(root, part);
        if (images.All(list => list.Count == 0))
            throw new DataException(folder, $"its {Amount.Of(classNames.Length, "folder holds", "folders hold")} no images", "class folders with images");
        if (LayoutDoubts.Refusal(root, part, classNames, images) is { } refusal) throw refusal;
        var empty = classNames.Where((_, i) => images[i].Count == 0).ToArray();
        if (empty.Length > 0 && !options.AllowEmptyClasses)
            throw new DataException(folder, $"no images in {Listed(empty)}", EmptyClasses.Wanted);
        if (empty.Length > 0) warnings.Add(EmptyClasses.Untrained(folder, empty));
        if (classNames.Length < options.MinimumClasses) throw TooFew(folder, part, classNames, images, options);
        if (images.Sum(list => list.Count) == 1) warnings.Add($"{Printable.Of(folder)}: there is one image only");
        warnings.AddRange(LayoutDoubts.Warnings(root, part, classNames, images));
    }

    private static DataException TooFew(string folder, string part, string[] classNames, List<string>[] images, OpenOptions options)
    {
        var wanted = $"at least {options.MinimumClasses} class folders";
        return classNames is [var name] && LayoutDoubts.AllLieDeeper(part, name, images[0])
            ? new(
                folder, $"1 class ({Printable.Of(name)}), whose images lie in folders within it ({Listed([.. LayoutDoubts.Inside(part, name, images[0])])})",
                $"{wanted}; if those are the classes, {Printable.Of(Path.Join(folder, name))} is the data folder")
            : new(folder, $"{classNames.Length} class ({Listed(classNames)})", wanted);
    }

    private static List<string>[] Validation(
        string root, FolderLayout layout, string[] classNames, FolderListing listing, List<string> warnings)
    {
        var (part, train) = (layout.Validation!, $"{Printable.Of(layout.Train!)}/");
        var folder = Path.Join(root, part);
        var unknown = FolderListing.Folders(folder).Except(classNames).ToArray();
        if (unknown.Length > 0)
            throw new DataException(folder, $"{train} lacks {Listed(unknown)}{Alike(unknown, classNames)}", $"classes of {train} ({Listed(classNames)})");
        var images = classNames.Select(name => listing.Images(part, name)).ToArray();
        var without = classNames.Where((_, i) => images[i].Count == 0).ToArray();
        if (without.Length == classNames.Length) throw new DataException(folder, "its folders hold no images", "class folders with images");
        if (without.Length > 0) warnings.Add(EmptyClasses.Unjudged(folder, without));
        return images;
    }

    private static (IEnumerable<(string, int)> Train, IEnumerable<(string, int)> Validation) Split(
        string root, string[] classNames, List<string>[] images, OpenOptions options, List<string> warnings)
    {
        var (train, validation, both) = (new List<(string, int)>(), new List<(string, int)>(), new List<int>());
        for (var label = 0; label < classNames.Length; label++)
        {
            var list = images[label];
            var (kept, held) = SplitRule.Divide(list.Count, classNames[label], options.ValidationFraction, options.SplitSeed);
            train.AddRange(kept.Select(i => (list[i], label)));
            validation.AddRange(held.Select(i => (list[i], label)));
            if (held.Length > 0 && ReferenceEquals(held, kept)) both.Add(label);
        }

        if (both is [var one])
            warnings.Add(
                $"{Printable.Of(root)}: class {Printable.Of(classNames[one])} has 1 image, which is in both train and validation, since none can be held back");
        else if (both.Count > 0)
            warnings.Add(SplitRule.OnBothSides(root, [.. both.Select(label => classNames[label])], options.ValidationFraction));
        return (train, validation);
    }

    private static IEnumerable<(string Key, int Label)> Numbered(IEnumerable<List<string>> classes) =>
        classes.SelectMany((keys, label) => keys.Select(key => (key, label)));
}
