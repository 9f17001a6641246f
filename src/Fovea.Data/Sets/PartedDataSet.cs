using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Data.Sets;

/// <summary>A data set of parts that share one list of classes.</summary>
/// <param name="place">Where it is.</param>
/// <param name="kind">What it is, for messages.</param>
/// <param name="parts">The parts, of which no two have one name.</param>
/// <param name="notes">What is odd about it, one line each.</param>
internal sealed class PartedDataSet(string place, string kind, IReadOnlyList<DataPart> parts, IReadOnlyList<string> notes) : DataSet(place)
{
    private readonly IReadOnlyList<string> _classes = parts[0].Images.ClassNames;
    private readonly DataPart? _train = Only(place, "training", parts, PartKind.Train);
    private readonly DataPart? _validation = Only(place, "validation", parts, PartKind.Validation) ?? Only(place, "test", parts, PartKind.Test);

    public override string Kind => kind;

    public override IReadOnlyList<string> Parts => [.. parts.Select(part => part.Name).Where(name => name.Length > 0)];

    public override bool HasValidation => _validation is not null;

    public override bool HasNumbersForNames => NumbersForNames;

    public bool NumbersForNames { private get; init; }

    private string Named => Printable.Of(Place);

    public override DataParts Open(OpenOptions? options = null, CancellationToken stop = default)
    {
        options = Checked(options);
        var train = _train?.Images ?? throw NoTrain();
        var warnings = new List<string>([.. notes, .. Unused()]);
        CheckClasses(train, options, warnings);
        if (_validation is { Images: var validation })
        {
            if (Missing(validation) is { Length: > 0 } without) warnings.Add(EmptyClasses.Unjudged($"{Place}: {_validation.Name}", without));
            return new(train, validation, warnings);
        }

        var (kept, held, both) = Divided(train, options);
        if (both.Count > 0) warnings.Add(SplitRule.OnBothSides(Place, both, options.ValidationFraction));
        return new(new ImageSelection(train, kept), new ImageSelection(train, held), warnings);
    }

    public override (IImageSource Images, IReadOnlyList<string> Warnings) OpenFor(
        IReadOnlyList<string> classNames, bool validation = true, OpenOptions? options = null, CancellationToken stop = default)
    {
        options = Checked(options);
        var part = (validation ? _validation : null) ?? _train ?? throw NoTrain();
        IEnumerable<int> taken = Enumerable.Range(0, part.Images.Count);
        var warnings = notes.ToList();
        if (_validation is null && options.ValidationFraction > 0)
        {
            var (kept, held, both) = Divided(part.Images, options);
            taken = validation ? held : kept;
            if (both.Count > 0) warnings.Add(SplitRule.OnBothSides(Place, both, options.ValidationFraction));
        }

        var images = For(classNames, part.Images, taken);
        var without = classNames.Where((_, label) => !Enumerable.Range(0, images.Count).Any(i => images.Label(i) == label)).ToArray();
        if (without.Length > 0) warnings.Add(EmptyClasses.Unjudged(Place, without));
        return (images, warnings);
    }

    public override (IImageSource Images, Func<int, int> PartOf, IReadOnlyList<string> Warnings) OpenAll(CancellationToken stop = default)
    {
        var all = new JoinedImages([.. parts.Select(part => (part.Name, part.Images))]);
        return (all, index => parts[all.PartOf(index)].Name.Length > 0 ? all.PartOf(index) : -1, notes);
    }

    /// <summary>The images under the classes of a model.</summary>
    private ImageSelection For(IReadOnlyList<string> classNames, IImageSource images, IEnumerable<int> taken)
    {
        var unknown = _classes.Except(classNames).Except(Missing(images)).ToArray();
        return unknown.Length == 0
            ? new(images, taken, classNames)
            : throw new DataException(
                Place, $"the model does not know {ClassFolders.Listed(unknown)}", $"its {classNames.Count} classes ({ClassFolders.Listed([.. classNames])})");
    }

    private string[] Missing(IImageSource images)
    {
        var found = new bool[_classes.Count];
        for (var i = 0; i < images.Count; i++) found[images.Label(i)] = true;
        return [.. _classes.Where((_, label) => !found[label])];
    }

    private void CheckClasses(IImageSource train, OpenOptions options, List<string> warnings)
    {
        // A file of names may name more than there is; what is evaluated has to be trained on.
        var empty = Missing(train);
        var unmet = _validation is null ? [] : empty.Except(Missing(_validation.Images)).ToArray();
        if (unmet.Length > 0 && !options.AllowEmptyClasses)
            throw new DataException(
                Place, $"no training images of {ClassFolders.Listed(unmet)}, of which {Printable.Of(_validation!.Name)} has some",
                EmptyClasses.Wanted);
        if (empty.Length > 0) warnings.Add(EmptyClasses.Untrained(Place, empty));
        if (_classes.Count < options.MinimumClasses)
            throw new DataException(Place, $"{_classes.Count} class ({ClassFolders.Listed([.. _classes])})", $"at least {options.MinimumClasses} classes");
        if (LayoutDoubts.Alike(Place, _classes) is { } alike) warnings.Add(alike);
    }

    private static (List<int> Kept, List<int> Held, List<string> Both) Divided(IImageSource images, OpenOptions options)
    {
        var (kept, held, both) = (new List<int>(), new List<int>(), new List<string>());
        foreach (var group in Enumerable.Range(0, images.Count).GroupBy(images.Label).OrderBy(group => group.Key))
        {
            int[] places = [.. group];
            var name = images.ClassNames[group.Key];
            var (train, validation) = SplitRule.Divide(places.Length, name, options.ValidationFraction, options.SplitSeed);
            kept.AddRange(train.Select(i => places[i]));
            held.AddRange(validation.Select(i => places[i]));
            if (options.ValidationFraction > 0 && train.Length == places.Length) both.Add(name);
        }

        return (kept, held, both);
    }

    private IEnumerable<string> Unused() =>
        from part in parts
        where part != _train && part != _validation
        select $"{Named}: {Printable.Of(_validation!.Name)} is used for validation, {Printable.Of(part.Name)} is not";

    private DataException NoTrain() => new(Place, $"there is {Printable.Of(_validation!.Name)} but nothing to train on", "both, or one that is divided");

    private static DataPart? Only(string place, string meant, IReadOnlyList<DataPart> parts, PartKind kind) =>
        parts.Where(part => part.Kind == kind).ToArray() switch
    {
        [] => null,
        [var part] => part,
        var several => throw new DataException(
            place, $"{string.Join(" and ", several.Select(part => Printable.Of(part.Name)))} may each be the {meant} part", "one of them"),
    };

    private static OpenOptions Checked(OpenOptions? options)
    {
        options ??= new();
        return options.ValidationFraction is >= 0 and < 1
            ? options
            : throw new ArgumentOutOfRangeException(nameof(options), $"the validation fraction is {options.ValidationFraction}; wanted 0 to 1 (exclusive)");
    }
}
