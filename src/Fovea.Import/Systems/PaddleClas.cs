using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>PaddleClas as it is since release 2.2: <c>Global</c>, <c>Arch</c>, <c>Loss</c>, <c>Optimizer</c>, <c>DataLoader</c>.</summary>
/// <remarks>Facts of https://github.com/PaddlePaddle/PaddleClas, develop: ppcls/optimizer, ppcls/data, ppcls/loss, ppcls/arch.</remarks>
internal sealed record PaddleClas : ForeignSystem
{
    private const string Exported = "of the exported model and of its predictions";

    public override string Name => "PaddleClas";

    public override string Address => "https://github.com/PaddlePaddle/PaddleClas";

    internal override IReadOnlyList<ForeignKey> Keys { get; } =
    [
        ForeignKey.Section("Global"), ForeignKey.Section("Arch"), ForeignKey.Section("Loss"), ForeignKey.Section("Optimizer"), ForeignKey.Section("DataLoader"),
        ForeignKey.Section("EMA"), ForeignKey.Without("AMP", "half precision of GPUs; train.precision is this machine's"),
        ForeignKey.Without("Infer", Exported), ForeignKey.Without("Metric", "evaluations print top-1 and top-5"),
        ForeignKey.Without("profiler_options", "a profiler of the other system"), ForeignKey.Section("Slim"),
    ];

    public override string ModelKey => "Arch.name";

    public override string BatchKey => "DataLoader.Train.sampler.batch_size";

    internal override ModelNames Models => PaddleModels.Names;

    internal override void Translate(Translation translation)
    {
        var file = new ForeignSection(translation, "", translation.Tree.Root, Keys);
        translation.Rest("Slim", ImportOutcome.Impossible, "there is no pruning and quantisation while training");
        var global = file.Below("Global", PaddleKeys.Global);
        var model = PaddleArch.Translate(translation, file.Below("Arch", PaddleKeys.Arch));
        PaddleLoss.Translate(translation, file.Below("Loss", PaddleKeys.Loss));
        PaddleImages.Translate(translation, file.Below("DataLoader", PaddleKeys.Loaders), global);
        PaddleCourse.Translate(translation, global, file);
        PaddleOptimizer.Translate(translation, file.Below("Optimizer", PaddleKeys.Optimizer), global["epochs"].Whole, model);
        global.Rest("PaddleClas does not read it beside the other values of this file");
    }
}
