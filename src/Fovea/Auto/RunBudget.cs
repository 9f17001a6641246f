using System.Globalization;
using Fovea.Naming;

namespace Fovea.Auto;

/// <summary>What time and images allow: which net is worth its work, and how often it can see the images.</summary>
internal sealed class RunBudget
{
    private const double StartSeconds = 5;
    private const double Usable = 0.85;
    private const double EvaluationShare = 0.1;
    private const int FewestEvaluations = 2;
    private const int FewestPasses = 10;
    private const int MostPasses = 200;
    private const int MostPossible = 500;
    private const double PassesOfOneImage = 2000;
    private const int PassesWithWeights = 3;
    private const int PassesOfFeatures = 60;
    private const int EvaluationsOfFeatures = 10;
    private static readonly TimeSpan s_usual = TimeSpan.FromMinutes(10);

    private readonly Machine _machine;
    private readonly AutoOptions _options;
    private readonly HeldBack _held;

    internal RunBudget(Machine machine, AutoOptions options, HeldBack held) => (_machine, _options, _held) = (machine, options, held);

    /// <summary>
    /// The epochs in which most of what the images can teach is learnt: fewer, the more images there are, and a third where weights are given.
    /// </summary>
    private int Worthwhile => _options.IsClassifierAlone ? PassesOfFeatures
        : (int)Math.Clamp(PassesOfOneImage / Math.Sqrt(_held.Images), FewestPasses, MostPasses) / (HasWeights ? PassesWithWeights : 1);

    private bool HasWeights => _options.Model is { } model && NetChoice.HasWeights(model);

    /// <summary>The epochs that there should be at least.</summary>
    private int Wanted => _options.Epochs > 0 ? _options.Epochs : Worthwhile;

    private TimeSpan Time => _options.Time ?? s_usual;

    private double Seconds => Math.Max(1, (Time.TotalSeconds * Usable) - StartSeconds);

    /// <summary>The net with the most work that can see the images often enough; otherwise the one with the least.</summary>
    /// <param name="nets">From the least work to the most.</param>
    internal NetChoice Choose(IReadOnlyList<NetChoice> nets) => nets.LastOrDefault(net => Possible(net) >= Wanted) ?? nets[0];

    internal int EpochsFor(NetChoice net) =>
        _options.Epochs > 0 ? _options.Epochs
            : _options.Time is null || _options.IsClassifierAlone ? Worthwhile
            : (int)Math.Clamp(Possible(net), 1, MostPossible);

    internal TimeSpan TimeOf(NetChoice net, int epochs)
    {
        var training = _options.IsClassifierAlone ? FeatureSeconds(net) : FirstSeconds + (epochs * TrainingSeconds(net));
        var evaluations = Math.Ceiling((double)epochs / ValidateEvery(epochs));
        return TimeSpan.FromSeconds(Math.Min(1e9, StartSeconds + training + (evaluations * EvaluationSeconds(net))));
    }

    /// <summary>So often that evaluations take a tenth of the time, but twice at least; of epochs that take next to nothing, ten times in all.</summary>
    internal int ValidateEvery(int epochs) => _options.IsClassifierAlone ? Math.Max(1, epochs / EvaluationsOfFeatures)
        : Math.Clamp((int)Math.Ceiling(_held.Validation / 3.0 / _held.Images / EvaluationShare), 1, Math.Max(1, epochs / FewestEvaluations));

    internal string Explain(NetChoice net) => Invariant($"{net.Model.Title}, {net.Cost.Macs / 1e6:F0} million multiply-accumulates an image: ")
        + (_options.Model is not null ? "as given"
            : Possible(net) >= Wanted ? Invariant($"the largest that sees each image {Wanted} times in {Text(Time)}")
            : Invariant($"the smallest, for not even it sees each image {Wanted} times in {Text(Time)}"));

    internal string ExplainEpochs(NetChoice net, long updates)
    {
        var epochs = EpochsFor(net);
        var why = _options.Epochs > 0 ? "; as given"
            : _options.IsClassifierAlone ? " of features that are computed once"
            : _options.Time is not null ? $", which is what fits into {Text(Time)}"
            : Possible(net) < Worthwhile ? "; --time makes it shorter" : "";
        return Invariant($"{epochs}, {Amount.Of(updates, "update")}, about {Text(TimeOf(net, epochs))}{why}");
    }

    private double Possible(NetChoice net) => Math.Max(0, Seconds - FirstSeconds - (FewestEvaluations * EvaluationSeconds(net)))
        / (TrainingSeconds(net) + Math.Min(EvaluationSeconds(net), EvaluationShare * TrainingSeconds(net)));

    /// <summary>What the first look at images takes more than later ones do.</summary>
    private double FirstSeconds => (_held.Images + _held.Validation) * (_machine.Loading.First - _machine.Loading.Again);

    /// <summary>A step's time for one image.</summary>
    private double StepSeconds(NetChoice net) => net.Work / _machine.OperationsPerSecond;

    /// <summary>An epoch, without evaluation.</summary>
    private double TrainingSeconds(NetChoice net) => _held.Images * (StepSeconds(net) + _machine.Loading.Again);

    /// <summary>An evaluation, which takes a third of the work of training for an image.</summary>
    private double EvaluationSeconds(NetChoice net) => _held.Validation * ((StepSeconds(net) / 3) + _machine.Loading.Again);

    /// <summary>What a frozen backbone makes of all images, once; an epoch of these takes next to nothing.</summary>
    private double FeatureSeconds(NetChoice net) => _held.Images * ((StepSeconds(net) / 3) + _machine.Loading.First);

    private static string Text(TimeSpan time) => time.TotalMinutes < 2 ? Invariant($"{time.TotalSeconds:F0} s")
        : time.TotalHours < 2 ? Invariant($"{time.TotalMinutes:F0} min") : Invariant($"{time.TotalHours:F1} h");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
