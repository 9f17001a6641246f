using System.Collections.Frozen;
using System.Globalization;
using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Training.State;

namespace Fovea.Training.Recipes;

/// <summary>What of a model is frozen at each stage of a run.</summary>
public sealed class FrozenStages
{
    private readonly FreezeOptions _options;
    private readonly Variable[] _parameters;
    private readonly IReadOnlySet<string>[] _frozen;

    /// <summary>Finds the names of a recipe in a model.</summary>
    /// <param name="options">What the recipe says.</param>
    /// <param name="model">The inference graph.</param>
    /// <exception cref="TrainingException">Nothing would train, or the classifier cannot be told from the rest.</exception>
    public FrozenStages(FreezeOptions options, Graph model)
    {
        _options = options;
        _parameters = [.. model.Variables.Select(value => value.Variable!).Where(variable => variable.Kind == VariableKind.Parameter)];
        var names = options.Names.Concat(options.Thaw.SelectMany(stage => stage.Names)).ToArray();
        var classifier = names.Contains(FreezeOptions.Backbone) ? ClassifierOf(model) : FrozenSet<string>.Empty;
        _frozen = names.Length == 0
            ? [FrozenSet<string>.Empty]
            : [.. Enumerable.Range(0, options.Thaw.Count + 2).Select(stage => FrozenVariables.Of(
                model, label => options.Freezes(label, classifier.Contains(label), stage)))];
        if (Array.TrueForAll(_parameters, parameter => _frozen[0].Contains(parameter.Label)) && names.Length > 0)
            throw new TrainingException(
                $"freeze.names freezes all {_parameters.Length} parameters of {Printable.Line(model.Name)}; wanted some that train, as the classifier "
                + $"({FreezeOptions.Backbone} is all but that)");
    }

    /// <summary>Whether anything is frozen at any stage.</summary>
    public bool IsAny => _frozen[0].Count > 0;

    /// <summary>The labels of parameters and states that are frozen in an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    public IReadOnlySet<string> In(int epoch) => At(_options.StageAt(epoch));

    /// <summary>The labels of parameters and states that are frozen at a stage.</summary>
    /// <param name="stage">What <see cref="FreezeOptions.StageAt"/> gave.</param>
    internal IReadOnlySet<string> At(int stage) => _frozen[Math.Min(stage, _frozen.Length - 1)];

    /// <summary>How much trains at a stage, for the log.</summary>
    internal string Describe(int stage)
    {
        var trained = Array.FindAll(_parameters, parameter => !At(stage).Contains(parameter.Label));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Sum(trained)} of {Sum(_parameters)} parameters train ({trained.Length} of {Amount.Of(_parameters.Length, "tensor")}), the others are frozen");
    }

    private static long Sum(Variable[] parameters) => parameters.Sum(parameter => parameter.Type.Shape.Elements);

    /// <summary>The labels of the classifier.</summary>
    /// <exception cref="TrainingException">It cannot be told from the rest.</exception>
    internal static FrozenSet<string> ClassifierOf(Graph model)
    {
        try
        {
            return ClassAxes.Of(model).Variables.Select(entry => entry.Variable.Label).ToFrozenSet(StringComparer.Ordinal);
        }
        catch (GraphException e)
        {
            throw new TrainingException($"freeze.names: what is {FreezeOptions.Backbone} cannot be told: {e.Message}; wanted names of modules", e);
        }
    }
}
