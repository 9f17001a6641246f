namespace Fovea.Training.Logging.Styles;

/// <summary>How another system tells the course of a run: its lines, and the files that it keeps.</summary>
/// <remarks>A style keeps no numbers: it renders reports and the meters that all styles share. A <see cref="StyledLog"/> runs one.</remarks>
public abstract record LogStyle
{
    /// <summary>All styles.</summary>
    public static IReadOnlyList<LogStyle> All { get; } = [new MindCvStyle(), new PaddleStyle(), new SwinStyle(), new CifarStyle(), new DarknetStyle()];

    /// <summary>What it is called, in lower case.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether its lines tell the norm of gradients, which is computed for them then. Default false.</summary>
    public virtual bool WantsGradientNorm => false;

    /// <summary>The k of «top-k» that its lines tell. By default five, or as many as there are classes.</summary>
    /// <param name="classes">The number of classes.</param>
    public virtual int TopOf(int classes) => Math.Min(5, classes);

    /// <summary>The files that it keeps in the folder of a run. By default none.</summary>
    /// <param name="model">What the model is called.</param>
    public virtual IReadOnlyList<string> FilesOf(string model) => [];

    /// <summary>A style by its name; null for none.</summary>
    public static LogStyle? Find(string kind) => All.FirstOrDefault(style => style.Kind == kind);

    /// <summary>What stands before a line on standard output.</summary>
    /// <param name="run">What the model is called.</param>
    /// <param name="time">The local time.</param>
    /// <param name="level">INFO or WARNING.</param>
    /// <param name="place">Where the line comes from.</param>
    internal abstract string Prefix(string run, DateTimeOffset time, string level, string place);

    /// <summary>What stands before it in a file. By default the same.</summary>
    internal virtual string FilePrefix(string run, DateTimeOffset time, string level, string place) => Prefix(run, time, level, place);

    /// <summary>The place of lines that are not the other system's.</summary>
    internal virtual string OwnPlace => "";

    /// <summary>The file that keeps the lines, in the folder of the run; null, the default, for none.</summary>
    internal virtual string? LogFile => null;

    /// <summary>The file with a row for each epoch; null, the default, for none.</summary>
    internal virtual StyleTable? Table(RunOverview run) => null;

    /// <summary>Files with the settings of a run, which are written when it begins or goes on: names and content. By default none.</summary>
    internal virtual IEnumerable<(string Name, string Text)> Documents(RunOverview run) => [];

    /// <summary>Whether a batch has a line.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="every">The recipe's <c>train.log_every</c>.</param>
    internal abstract bool IsDue(in BatchReport batch, int every);

    /// <summary>The head of a run.</summary>
    internal abstract IEnumerable<StyleLine> Begin(RunOverview run);

    /// <summary>A batch that is due.</summary>
    internal abstract IEnumerable<StyleLine> Batch(TrainingMeters at);

    /// <summary>The end of an epoch's training, before its evaluation. By default nothing.</summary>
    internal virtual IEnumerable<StyleLine> Trained(TrainingMeters at) => [];

    /// <summary>A batch of an evaluation within a run. By default nothing.</summary>
    internal virtual IEnumerable<StyleLine> EvaluationBatch(EvaluationMeters at, int epoch, int topK, int every) => [];

    /// <summary>The end of an epoch.</summary>
    internal abstract IEnumerable<StyleLine> Epoch(EpochReport report, TrainingMeters at);

    /// <summary>The end of a run. By default nothing.</summary>
    /// <param name="at">The run.</param>
    /// <param name="best">The best epoch so far, from 1, and its top-1 share; epoch 0 before the first evaluation.</param>
    internal virtual IEnumerable<StyleLine> End(TrainingMeters at, (int Epoch, double Top1) best) => [];

    /// <summary>The head of an evaluation by itself. By default nothing.</summary>
    internal virtual IEnumerable<StyleLine> EvaluationBegin(EvaluationOverview evaluation) => [];

    /// <summary>A batch of an evaluation by itself. By default as within a run.</summary>
    internal virtual IEnumerable<StyleLine> LoneBatch(EvaluationMeters at, EvaluationOverview evaluation, int every) =>
        EvaluationBatch(at, epoch: 1, evaluation.TopK, every);

    /// <summary>What an evaluation by itself has found.</summary>
    internal abstract IEnumerable<StyleLine> EvaluationEnd(Metrics.EvaluationMetrics metrics, EvaluationMeters at, EvaluationOverview evaluation);

    /// <summary>Whether the n-th batch, from 1, is one of every so many, the first among them.</summary>
    private protected static bool IsFirstOfEvery(int batch, int every) => (batch - 1) % every == 0;
}
