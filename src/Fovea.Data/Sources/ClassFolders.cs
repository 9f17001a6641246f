namespace Fovea.Data.Sources;

/// <summary>Opens folders whose folders are classes: <c>DIR/train/CLASS/…</c> beside <c>DIR/val/CLASS/…</c>, or <c>DIR/CLASS/…</c> alone.</summary>
/// <remarks>
/// The validation part may be called <c>val</c>, <c>validation</c>, <c>valid</c> or <c>test</c>. Classes are sorted by the ordinal values of
/// their names, images by their paths. Images may lie in folders within the class folder. Hidden files and folders do not count; files with
/// other endings than those of JPEG, PNG, WebP and BMP are counted in a warning.
/// </remarks>
public static class ClassFolders
{
    /// <summary>Opens a data set for training.</summary>
    /// <param name="root">The data folder.</param>
    /// <param name="options">How it is read; the defaults if <see langword="null"/>.</param>
    /// <exception cref="DataException">
    /// The folder is missing, empty or unreadable; there are too few classes, a class without training images, or a class in the validation
    /// part that the training part lacks.
    /// </exception>
    public static DataFolders Open(string root, ClassFolderOptions? options = null)
    {
        options = Checked(options);
        var layout = FolderLayout.Find(root);
        if (layout.Train is not { } trainPart) throw new DataException(root, $"there is {layout.Validation}/ but no train/", "both, or class folders alone");
        var listing = new FolderListing(root, options.Quarantined);
        var warnings = new List<string>(layout.Warnings);
        var classNames = FolderListing.Folders(Path.Join(root, trainPart));
        var train = classNames.Select(name => listing.Images(trainPart, name)).ToArray();
        CheckClasses(Path.Join(root, trainPart), classNames, train, options, warnings);
        var result = layout.Validation is { } part
            ? (Numbered(train), Numbered(Validation(root, part, classNames, listing, warnings)))
            : Split(root, classNames, train, options, warnings);
        if (layout.Validation is null && trainPart.Length > 0 && options.ValidationFraction > 0)
            warnings.Add($"{root}: beside train/ there is no val/ or test/; {options.ValidationFraction} of each class of train/ is held back");
        warnings.AddRange(listing.Warnings());
        return new(new(root, classNames, result.Item1), new(root, classNames, result.Item2), warnings);
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
    /// <returns>The images, and warnings, one line each.</returns>
    /// <exception cref="DataException">The folder is missing, empty or unreadable, lacks the part, or has a class that the model lacks.</exception>
    public static (ImageFiles Images, IReadOnlyList<string> Warnings) OpenFor(
        string root, IReadOnlyList<string> classNames, bool validation = true, ClassFolderOptions? options = null)
    {
        options = Checked(options);
        var layout = FolderLayout.Find(root);
        var isSplit = layout.Validation is not null || options.ValidationFraction == 0;
        var part = (validation && layout.Validation is not null ? layout.Validation : layout.Train)
            ?? throw new DataException(root, $"there is {layout.Validation}/ but no train/", "both, or class folders alone");
        var listing = new FolderListing(root, options.Quarantined);
        var folders = FolderListing.Folders(Path.Join(root, part));
        CheckKnown(Path.Join(root, part), folders, classNames);

        var (files, warnings) = (new List<(string, int)>(), new List<string>());
        for (var label = 0; label < classNames.Count; label++)
        {
            var keys = listing.Images(part, classNames[label]);
            var (train, held) = SplitRule.Divide(keys.Count, classNames[label], isSplit ? 0 : options.ValidationFraction, options.SplitSeed);
            files.AddRange((validation && !isSplit ? held : train).Select(i => (keys[i], label)));
        }

        if (files.Count == 0) throw new DataException(Path.Join(root, part), "its folders hold no images", "class folders with images");
        var missing = classNames.Except(files.Select(file => classNames[file.Item2])).ToArray();
        if (missing.Length > 0) warnings.Add($"{Path.Join(root, part)}: no images of {Listed(missing)}");
        return (new(root, classNames, files), [.. warnings, .. listing.Warnings()]);
    }

    /// <summary>Opens every image of every part, as for counting and checking.</summary>
    /// <param name="root">The data folder.</param>
    /// <exception cref="DataException">The folder is missing, empty or unreadable.</exception>
    public static (ImageFiles Images, IReadOnlyList<string> Warnings) OpenAll(string root)
    {
        var parts = FolderLayout.AllParts(root);
        var listing = new FolderListing(root, []);
        string[] classNames = [.. parts.SelectMany(part => FolderListing.Folders(Path.Join(root, part))).Distinct().Order(StringComparer.Ordinal)];
        var files = parts.SelectMany(part => Numbered(classNames.Select(name => listing.Images(part, name)))).ToArray();
        return files.Length > 0
            ? (new(root, classNames, files), [.. listing.Warnings()])
            : throw new DataException(root, $"its {classNames.Length} folders hold no images", "class folders with images");
    }

    internal static string Listed(IReadOnlyCollection<string> names)
    {
        const int shown = 5;
        return names.Count <= shown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(shown))} and {names.Count - shown} more";
    }

    private static ClassFolderOptions Checked(ClassFolderOptions? options)
    {
        options ??= new();
        return options.ValidationFraction is >= 0 and < 1
            ? options
            : throw new ArgumentOutOfRangeException(nameof(options), $"the validation fraction is {options.ValidationFraction}; wanted 0 to 1 (exclusive)");
    }

    private static void CheckKnown(string folder, string[] folders, IReadOnlyList<string> classNames)
    {
        if (folders.Except(classNames).ToArray() is { Length: > 0 } unknown)
            throw new DataException(folder, $"the model does not know {Listed(unknown)}", $"its {classNames.Count} classes ({Listed(classNames)})");
    }

    private static void CheckClasses(string folder, string[] classNames, List<string>[] images, ClassFolderOptions options, List<string> warnings)
    {
        if (images.All(list => list.Count == 0))
            throw new DataException(folder, $"its {classNames.Length} folders hold no images", "class folders with images");
        var empty = classNames.Where((_, i) => images[i].Count == 0).ToArray();
        if (empty.Length > 0 && !options.AllowEmptyClasses)
            throw new DataException(folder, $"no images in {Listed(empty)}", "at least one image in each class folder, or empty classes allowed");
        if (empty.Length > 0) warnings.Add($"{folder}: no images in {Listed(empty)}");
        if (classNames.Length < options.MinimumClasses)
            throw new DataException(folder, $"{classNames.Length} class ({Listed(classNames)})", $"at least {options.MinimumClasses} class folders");
        if (images.Sum(list => list.Count) == 1) warnings.Add($"{folder}: there is one image only");
    }

    private static List<string>[] Validation(string root, string part, string[] classNames, FolderListing listing, List<string> warnings)
    {
        var folder = Path.Join(root, part);
        var unknown = FolderListing.Folders(folder).Except(classNames).ToArray();
        if (unknown.Length > 0) throw new DataException(folder, $"train/ lacks {Listed(unknown)}", $"classes of train/ ({Listed(classNames)})");
        var images = classNames.Select(name => listing.Images(part, name)).ToArray();
        var without = classNames.Where((_, i) => images[i].Count == 0).ToArray();
        if (without.Length == classNames.Length) throw new DataException(folder, "its folders hold no images", "class folders with images");
        if (without.Length > 0) warnings.Add($"{folder}: no images of {Listed(without)}");
        return images;
    }

    private static (IEnumerable<(string, int)> Train, IEnumerable<(string, int)> Validation) Split(
        string root, string[] classNames, List<string>[] images, ClassFolderOptions options, List<string> warnings)
    {
        var (train, validation) = (new List<(string, int)>(), new List<(string, int)>());
        for (var label = 0; label < classNames.Length; label++)
        {
            var list = images[label];
            var (kept, held) = SplitRule.Divide(list.Count, classNames[label], options.ValidationFraction, options.SplitSeed);
            train.AddRange(kept.Select(i => (list[i], label)));
            validation.AddRange(held.Select(i => (list[i], label)));
            if (held.Length > 0 && held.Length == kept.Length && ReferenceEquals(held, kept))
                warnings.Add(
                    $"{root}: class {classNames[label]} has {list.Count} images, of which {options.ValidationFraction} is none: "
                    + "all are in both train and validation");
        }

        return (train, validation);
    }

    private static IEnumerable<(string Key, int Label)> Numbered(IEnumerable<List<string>> classes) =>
        classes.SelectMany((keys, label) => keys.Select(key => (key, label)));
}
