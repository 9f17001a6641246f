namespace Fovea.Auto;

/// <summary>What time and images allow: which net is worth its work, and how often it can see the images.</summary>
internal sealed class RunBudget
{
    private const double StartSeconds = 5;
    private const double Usable = 0.85;
    private const double EvaluationShare = 0.1;
    private const int FewestEvaluations = 2;
    private const int FewestPasses = 15;
    private const int MostPasses = 200;
    private const int MostPossible = 500;
    private static readonly TimeSpan s_usual = TimeSpan.FromMinutes(10);

    private readonly Machine _machine;
    private readonly AutoOptions _options;
    private readonly int _images;
    private readonly int _validation;

    internal RunBudget(Machine machine, AutoOptions options, int images, int validation) =>
        (_machine, _options, _images, _validation) = (machine, options, images, validation);

    /// <summary>The epochs in which most of what the images can teach is learnt: fewer, the more images there are.</summary>
    internal int Worthwhile => (int)Math.Clamp(3000 / Math.Sqrt(_images), FewestPasses, MostPasses);

    /// <summary>The epochs that there should be at least.</summary>
    private int Wanted => _options.Epochs > 0 ? _options.Epochs : Worthwhile;

    private double Seconds => Math.Max(1, ((_options.Time ?? s_usual).TotalSeconds * Usable) - StartSeconds);

    /// <summary>The net with the most work that can see the images often enough; otherwise the one with the least.</summary>
    /// <param name="nets">From the least work to the most.</param>
    internal NetChoice Choose(IReadOnlyList<NetChoice> nets) =>
        nets.LastOrDefault(net => Possible(net) >= Wanted) ?? nets[0];

    internal int EpochsFor(NetChoice net)
    {
        if (_options.Epochs > 0) return _options.Epochs;
        var possible = (int)Math.Clamp(Possible(net), 1, MostPossible);
        return _options.Time is null ? Worthwhile : possible;
    }

    internal TimeSpan TimeOf(NetChoice net, int epochs) => TimeSpan.FromSeconds(Math.Min(
        1e9, StartSeconds + (epochs * TrainingSeconds(net)) + (Math.Ceiling((double)epochs / ValidateEvery(epochs)) * EvaluationSeconds(net))));

    /// <summary>So often that evaluations take a tenth of the time, but twice at least.</summary>
    internal int ValidateEvery(int epochs) =>
        Math.Clamp((int)Math.Ceiling(_validation / 3.0 / _images / EvaluationShare), 1, Math.Max(1, epochs / FewestEvaluations));

    internal string Explain(NetChoice net) => FormattableString.Invariant(
        $"{net.Model.Title}, {net.TrainingFlops / 6e6:F0} million multiply-accumulates an image: ")
        + (_options.Model is not null ? "as given"
            : Possible(net) >= Wanted ? FormattableString.Invariant($"the largest that sees each image {Wanted} times in {Text}")
            : FormattableString.Invariant($"the smallest, for not even it sees each image {Wanted} times in {Text}"));

    internal string WhyEpochs(NetChoice net) =>
        _options.Epochs > 0 ? "; as given"
            : _options.Time is not null ? $", which is what fits into {Text}"
            : Possible(net) < Worthwhile ? "; --time makes it shorter" : "";

    private string Text => FormattableString.Invariant($"{(_options.Time ?? s_usual).TotalMinutes:G3} min");

    private double Possible(NetChoice net) => Math.Max(0, Seconds - (FewestEvaluations * EvaluationSeconds(net)))
        / (TrainingSeconds(net) + Math.Min(EvaluationSeconds(net), EvaluationShare * TrainingSeconds(net)));

    /// <summary>An epoch, without evaluation.</summary>
    private double TrainingSeconds(NetChoice net) => _images * net.TrainingFlops / _machine.FlopsPerSecond;

    /// <summary>An evaluation, which takes a third of the work of training for an image.</summary>
    private double EvaluationSeconds(NetChoice net) => _validation * net.TrainingFlops / 3 / _machine.FlopsPerSecond;
}
