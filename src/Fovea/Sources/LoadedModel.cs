using Fovea.Analysis;
using Fovea.Darknet;
using Fovea.Data.Augment;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Pretrained;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Sources;

/// <summary>A model as a source gives it: its graph in any form, its weights, and what it takes to give it images.</summary>
public sealed record LoadedModel
{
    /// <summary>The name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Where graph and weights come from, for messages.</summary>
    public required string Origin { get; init; }

    /// <summary>The inference graph in a form: <c>input</c> [N, C, H, W] → <c>logits</c> [N, classes].</summary>
    public required Func<GraphForm, Graph> Build { get; init; }

    /// <summary>Parameters and state by name; those of a new classifier are not among them, and a name in the catalogue alone has none.</summary>
    public required IReadOnlyList<(string Name, HostTensor Tensor)> Tensors { get; init; }

    /// <summary>The number of classes; of a model that makes features, their number.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether it makes features, not logits: <see cref="ForClasses"/> attaches a classifier that reads them. Default false.</summary>
    public bool MakesFeatures { get; init; }

    /// <summary>Their names by number; null, the default, where nothing says them.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>How an image becomes an input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>How training divided a folder without a validation part; null, the default, where that is not known, and where the data had one.</summary>
    public ValidationSplit? Split { get; init; }

    /// <summary>Which views of an image it was evaluated with. Default one.</summary>
    public Views Views { get; init; }

    /// <summary>The arithmetic that the model was trained in. Default fp32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>What the folded weights of the deploy form are called, by the names that <see cref="Passes.Deploy"/> gives them. Default those.</summary>
    public Func<string, string> DeployName { get; init; } = name => name;

    /// <summary>What whoever trains from the model should know, a sentence each. Default nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The network of Darknet whose graph it is, with its classes as in the cfg; null, the default, for other models.</summary>
    public DarknetNetwork? Darknet { get; init; }

    /// <summary>The head of Darknet's file that the weights are from; null, the default, for other files.</summary>
    public WeightsHeader? DarknetHeader { get; init; }

    /// <summary>The classes of a classifier that is new; null, the default, where it is the model's own.</summary>
    public int? NewClasses { get; init; }

    /// <summary>The inference graph for a batch size, for images of the size of <see cref="Preprocessing"/>.</summary>
    /// <param name="batch">Images at a time, from 1.</param>
    /// <exception cref="ModelSourceException">The graph cannot take images of this size, or have another classifier.</exception>
    public Graph Graph(int batch)
    {
        try
        {
            return Build(new(batch, Preprocessing.Height, Preprocessing.Width, NewClasses));
        }
        catch (Exception e) when (e is GraphException)
        {
            throw new ModelSourceException($"{Origin}: {e.Message}", e);
        }
    }

    /// <summary>The model with other preprocessing, for images of another size where it says so.</summary>
    /// <param name="choice">What replaces values; null for nothing.</param>
    /// <exception cref="PreprocessingException">A value is out of range.</exception>
    /// <exception cref="ModelSourceException">The graph, or its weights, cannot take images of this size.</exception>
    public LoadedModel Prepared(PreprocessingChoice? choice)
    {
        if (choice is null) return this;
        LoadedModel changed;
        try
        {
            changed = this with { Preprocessing = Preprocessing.Resolve(choice) };
        }
        catch (PreprocessingException e)
        {
            throw new ModelSourceException($"{Name}: {e.Message}", e);
        }

        var isResized = (changed.Preprocessing.Height, changed.Preprocessing.Width) != (Preprocessing.Height, Preprocessing.Width);
        if (isResized && Tensors.Count > 0) changed.CheckWeights();
        return changed;
    }

    /// <summary>The model with its classes as data spell them (<see cref="ImageNetClasses.SpeltAs"/>).</summary>
    /// <param name="classes">The names of the data's classes.</param>
    public LoadedModel SpeltAs(IReadOnlyList<string> classes) => this with { Classes = ImageNetClasses.SpeltAs(Classes, classes) };

    /// <summary>The model for the classes of data, with a new classifier where its own is for others.</summary>
    /// <remarks>
    /// Classes are told by their names, ImageNet's also by their WordNet ids. The classifier of the same classes is kept, its rows put in the order of the
    /// data; one whose classes nothing names is kept where there are as many. What was done is the last of <see cref="Notes"/>.
    /// </remarks>
    /// <param name="classes">The names of the data's classes, by number.</param>
    /// <param name="fresh">Whether the classifier is new in any case. Default false.</param>
    /// <exception cref="ModelSourceException">The classifier has to be replaced, and cannot be found.</exception>
    public LoadedModel ForClasses(IReadOnlyList<string> classes, bool fresh = false)
    {
        if (MakesFeatures) return Attached(classes);
        if (Tensors.Count == 0) return this with { Classes = classes, ClassCount = classes.Count, NewClasses = classes.Count };
        var spelt = ImageNetClasses.SpeltAs(Classes, classes);
        if (!ReferenceEquals(spelt, Classes)) return (this with { Classes = spelt }).ForClasses(classes, fresh);
        var isKept = !fresh && (Classes is null ? ClassCount == classes.Count : ClassCount == classes.Count && !Classes.Except(classes).Any());
        if (!isKept) return Replaced(classes, fresh);
        if (Classes is null)
            return Noted(
                $"the classifier is kept: nothing names its {ClassCount} classes, and the data have as many (model.skip_classifier: true trains a new one)")
                with { Classes = classes };
        return Classes.SequenceEqual(classes, StringComparer.Ordinal) ? this with { Classes = classes } : Reordered(classes);
    }

    /// <summary>The model in the deploy form, whose weights are given.</summary>
    internal LoadedModel Folded(string origin)
    {
        var (build, name) = (Build, DeployName);
        var folded = this with { Build = form => Deploy.Structure(build(form), name) };
        return folded with { Notes = [.. Notes, .. FoldedNorms.Of(origin, folded.Graph(1))] };
    }

    /// <summary>What a program has to know of it, with given names for its classes.</summary>
    public ModelCard Card(IReadOnlyList<string> classes) => new() { Model = Name, Classes = classes, Input = Preprocessing, Split = Split };

    /// <summary>The model as a program loads it, with given names for its classes.</summary>
    public FoveaModel Shipped(IReadOnlyList<string> classes) => new()
    {
        Card = Card(classes),
        Graph = Graph(1),
        Weights = Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal),
    };

    private LoadedModel Noted(string note) => this with { Notes = [.. Notes, $"{Origin}: {note}"] };

    private LoadedModel Attached(IReadOnlyList<string> classes)
    {
        var (build, count) = (Build, classes.Count);
        return Noted($"makes {ClassCount} features; a new classifier ({AttachClassifier.ModuleIn(Graph(1))}) of {Amount.Of(count, "class")} reads them") with
        {
            Classes = classes,
            ClassCount = count,
            MakesFeatures = false,
            Build = form => AttachClassifier.To(build(form with { Classes = null }), form.Classes ?? count),
        };
    }

    private LoadedModel Replaced(IReadOnlyList<string> classes, bool fresh)
    {
        var head = Head();
        var labels = head.Variables.Select(entry => entry.Variable.Label).ToHashSet(StringComparer.Ordinal);
        var modules = string.Join(", ", labels.Select(Variable.ModuleOf).Distinct(StringComparer.Ordinal));
        var why = fresh ? "as was asked for"
            : ClassCount != classes.Count ? $"it was for {Amount.Of(ClassCount, "class")}"
            : $"it was for other classes ({Some(Classes!)})";
        return Noted($"the classifier ({modules}) is new, for {Amount.Of(classes.Count, "class")}: {why}") with
        {
            Classes = classes,
            ClassCount = classes.Count,
            NewClasses = classes.Count,
            Tensors = [.. Tensors.Where(entry => !labels.Contains(entry.Name))],
        };
    }

    private LoadedModel Reordered(IReadOnlyList<string> classes)
    {
        var axes = Head().Variables.ToDictionary(entry => entry.Variable.Label, entry => entry.Axis, StringComparer.Ordinal);
        var places = Classes!.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        int[] order = [.. classes.Select(name => places[name])];
        return Noted("the classifier is kept, its rows in the order of the data's classes") with
        {
            Classes = classes,
            Tensors = [.. Tensors.Select(entry => axes.TryGetValue(entry.Name, out var axis) ? (entry.Name, Taken(entry.Tensor, axis, order)) : entry)],
        };
    }

    private ClassAxes Head()
    {
        try
        {
            return ClassAxes.Of(Graph(1));
        }
        catch (GraphException e)
        {
            throw new ModelSourceException($"{Origin}: its classifier cannot be replaced: {e.Message}", e);
        }
    }

    /// <summary>The slices of a tensor along an axis in another order.</summary>
    private static HostTensor Taken(HostTensor tensor, int axis, int[] order)
    {
        var (shape, bytes) = (tensor.Type.Shape, new byte[tensor.Bytes.Length]);
        var inner = bytes.Length / shape.Elements;
        for (var i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        var outer = bytes.Length / (inner * order.Length);
        for (var o = 0L; o < outer; o++)
            for (var c = 0; c < order.Length; c++)
                tensor.Bytes.Slice((int)(((o * order.Length) + order[c]) * inner), (int)inner).CopyTo(bytes.AsSpan((int)(((o * order.Length) + c) * inner)));
        return new(tensor.Type, bytes);
    }

    private void CheckWeights()
    {
        var types = Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor.Type, StringComparer.Ordinal);
        foreach (var value in Graph(1).Variables)
            if (types.TryGetValue(value.Variable!.Label, out var type) && type != value.Type)
                throw new ModelSourceException(
                    $"{Origin}: for images of {Preprocessing.Height}×{Preprocessing.Width} its '{value.Variable.Label}' would be {value.Type}; it is {type}. "
                    + "Wanted the image size that it was trained for");
    }

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(3).Select(Naming.Printable.Of)) + (names.Count > 3 ? $" and {names.Count - 3} more" : "");
}
