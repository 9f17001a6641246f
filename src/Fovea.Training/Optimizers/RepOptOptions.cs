using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Options;
using Fovea.Tensors;
using Fovea.Training.RepOpt;
using Fovea.Training.State;

namespace Fovea.Training.Optimizers;

/// <summary>
/// RepOptimizer (Ding et al. 2022, arXiv:2205.15242) around sgd or adamw: a model of plain 3×3 convolutions (<c>…_target</c>) is trained as if each were a
/// 3×3 and a 1×1 convolution and the identity with constant scales, which a hyper-search has found (a run of <c>…_hs</c>). Kernels start as that sum, and
/// their gradients are multiplied: by Σs² for sgd; for adamw gradient and step by Σs, which is exact for scales above 0. The multipliers are kept in
/// checkpoints, so that resuming needs no scales. Refused is what breaks the equivalence: clipped gradients, other rules, sam and asam. Decay, rates of layers,
/// averages and lookahead do not.
/// </summary>
public sealed record RepOptOptions : WrapperOptions
{
    private const string Multipliers = "repopt";

    /// <inheritdoc/>
    public override string Kind => "repopt";

    /// <summary>
    /// The scales: a file that a hyper-search run or <c>fovea repopt scales</c> wrote, the authors' (<c>.pth</c>), any weights or checkpoint of a
    /// hyper-search model, or the folder of such a run, whose latest checkpoint is taken. Read once, when a run begins.
    /// </summary>
    public string Scales { get; init; } = "";

    /// <summary>
    /// Whether kernels start as the sum of branches (the rule of initialisation); default true. With given weights (<c>model.weights</c>), which are trained
    /// on, it is to be false.
    /// </summary>
    public bool Initialize { get; init; } = true;

    /// <summary>Whether identities start with the scales that were found, as in the authors' code, not with 1; default true.</summary>
    public bool IdentityScales { get; init; } = true;

    /// <inheritdoc/>
    public override bool WantsPlainGradients => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
    }

    /// <inheritdoc/>
    public override void CheckAround(OptimizerOptions rule, OptionChecks checks)
    {
        if (rule.GradientDegree is null)
            checks.Fail(nameof(Kind), $"{Kind} around {rule.Kind}", "sgd or adamw, whose steps follow scaled gradients as the equivalence needs it");
        if (rule.Around.FirstOrDefault(wrapper => wrapper.MovesGradient) is { } other)
            checks.Fail(nameof(Kind), $"{Kind} beside {other.Kind}", "either: gradients elsewhere are not those of the branches");
    }

    /// <inheritdoc/>
    public override ParameterUpdate Before(OptimizerOptions rule, ParameterUpdate update)
    {
        if (BranchNames.OfKernel(update.Weight.Variable!.Label, update.Weight.Shape) is null) return update;
        var multipliers = update.Slot(Multipliers, start: 1);
        return update.Scaled(multipliers, rule.GradientDegree == 0 ? multipliers : null);
    }

    /// <inheritdoc/>
    public override void CheckBeginning(RunBeginning beginning) => ScalesFor(beginning);

    /// <inheritdoc/>
    public override void Begin(OptimizerOptions rule, RunStart start)
    {
        foreach (var block in ScalesFor(start).Blocks)
        {
            Write(start.Session, block, rule);
            var kernel = start.Session.Read(block.Kernel);
            if (Initialize) start.Session.Write(block.Kernel, block.Initial(kernel, PointKernel(block, kernel.Shape, start.Seed), IdentityScales));
        }
    }

    /// <summary>The scales, which are those of the model.</summary>
    /// <exception cref="TrainingException">There are none, or they are others, or would be used on weights that are given.</exception>
    private RepOptScales ScalesFor(RunBeginning start)
    {
        if (Scales.Length == 0)
            throw new TrainingException($"optimizer.around: {Kind} has no scales; wanted scales: FILE, those of a hyper-search, or the folder of its run");
        if (Initialize && start.HasWeights)
            throw new TrainingException(
                $"optimizer.around: {Kind} would write new kernels over the given weights; wanted initialize: false to train them on, or no model.weights");
        var weights = start.Read(Scales) ?? throw new TrainingException(
            $"{(Path.IsPathRooted(Scales) ? Scales : $"{Scales} ({Path.GetFullPath(Scales)})")}: there is no such file or folder; "
            + "wanted scales (.safetensors, .pth), weights of a hyper-search model, or the folder of its run");
        var scales = RepOptScales.Of(weights, Scales);
        scales.Check(start.Model);
        return scales;
    }

    /// <summary>Writes the multipliers of a block.</summary>
    internal static void Write(ISession session, BlockScales block, OptimizerOptions rule) => session.Write(
        $"{Multipliers}/{block.Kernel}", block.Multipliers(session.Read(block.Kernel).Shape, power: 1 + rule.GradientDegree!.Value));

    /// <summary>The kernel that the 1×1 convolution of the block would start with, were it there.</summary>
    private static HostTensor? PointKernel(BlockScales block, Shape kernel, ulong seed)
    {
        if (BranchNames.OfKernel(block.Kernel, kernel) is not { PointKernel: { } point } names) return null;
        var label = BranchNames.BlockOf(block.Kernel, names.Kernel) + point;
        return Initializer.FanInUniform.Make(new(kernel.N, kernel.C, 1, 1), label, seed);
    }
}
