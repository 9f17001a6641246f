using Fovea.Darknet;
using Fovea.Darknet.Layers;
using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>
/// How long Darknet trains, with which batches, and how gradients change the weights (<c>train_network</c>, <c>update_convolutional_layer</c>).
/// </summary>
internal static class DarknetCourse
{
    private const int Endless = 1_000_000;
    private const int SavedEvery = 100;
    private const int EpochsBetweenEvaluations = 2;

    internal static void Translate(Translation translation, ForeignSection net, DarknetNetwork? network)
    {
        Length(translation, net);
        Update(translation, net, network);
        Loss(translation, net, network);
        Average(translation, net);
        if (net["weights_reject_freq"].Whole == 0) translation.Idle(net["weights_reject_freq"], "weights are not rejected");
        else translation.Cannot(net["weights_reject_freq"], "filters that resemble one another are not set back");
        translation.Always("train.validate_every", EpochsBetweenEvaluations, "as -topk does");
        translation.Always("train.checkpoint_every_steps", SavedEvery, "as Darknet writes _last.weights");
    }

    private static void Length(Translation translation, ForeignSection net)
    {
        var (batch, parts, most) = (net["batch"], net["subdivisions"], net["max_batches"]);
        var each = Math.Max(1, batch.Whole / Math.Max(1, parts.Whole));
        translation.Set(batch, "train.batch_size", each, $"{batch.Whole} images of an update / {parts.Whole} subdivisions");
        translation.Set(parts, "train.accumulate", Math.Max(1, parts.Whole));
        translation.Always("train.drop_last", true, "Darknet's batches are all full");
        if (most.Whole > 0) translation.Set(most, "train.steps", most.Whole);
        else translation.Set(most, "train.epochs", Endless, "for ever, until it is stopped");
    }

    /// <summary>
    /// A <c>[cost]</c> behind the <c>[softmax]</c> adds the same difference once more, so that gradients are doubled: a rate twice as high, with half the
    /// decay.
    /// </summary>
    private static void Update(Translation translation, ForeignSection net, DarknetNetwork? network)
    {
        var factor = FactorOfGradients(network);
        var why = factor == 1 ? "" : $"[cost] behind [softmax] makes gradients {Translation.Figure(factor)} times as large";
        translation.Set(net["learning_rate"], "optimizer.learning_rate", net["learning_rate"].Number * factor, why);
        translation.Set(net["decay"], "optimizer.weight_decay", net["decay"].Number / factor, why.Length > 0 ? why : "of weights, not of biases and scales");
        if (!net["adam"].Flag)
        {
            translation.Idle(net["adam"], "momentum");
            translation.Always("optimizer.kind", "sgd", "Darknet's");
            translation.Set(net["momentum"], "optimizer.momentum", net["momentum"].Number);
            return;
        }

        translation.Set(net["adam"], "optimizer.kind", "adam");
        translation.Set(net["B1"], "optimizer.beta1", net["B1"].Number);
        translation.Set(net["B2"], "optimizer.beta2", net["B2"].Number);
        translation.Set(net["eps"], "optimizer.epsilon", net["eps"].Number);
    }

    private static double FactorOfGradients(DarknetNetwork? network) => network is { Softmax: { } softmax }
        && (softmax.HasLoss ? 1 : 0) + (network.Layers[^1] is CostLayer cost ? cost.Scale : 0) is > 0 and var factor ? factor : 1;

    /// <summary>Darknet gives eps/(k − 1) to each other class, we s/k to every one.</summary>
    private static void Loss(Translation translation, ForeignSection net, DarknetNetwork? network)
    {
        if (network is { Softmax: null })
            translation.Refuse(net["batch"], $"the network ends with [{network.Last.Kind}]; a classifier is trained with [softmax] at its end");
        else if (network is { Softmax.Groups: > 1 and var groups })
            translation.Refuse(net["batch"], $"its [softmax] has {groups} groups; a classifier is trained with one");
        translation.Always("loss.kind", "cross_entropy", "of [softmax]");
        var eps = net["label_smooth_eps"];
        if (eps.Number == 0) translation.Idle(eps, "no smoothing");
        else if (network is { Outputs: > 1 and var k })
            translation.Set(
                eps, "loss.label_smoothing", Math.Round(eps.Number * k / (k - 1), 12), $"{Translation.Figure(eps.Number)} · {k} / {k - 1}");
        else translation.Idle(eps, "there is one class");
    }

    private static void Average(Translation translation, ForeignSection net)
    {
        var alpha = net["ema_alpha"];
        if (alpha.Number == 0)
        {
            translation.Idle(alpha, "no averages");
            return;
        }

        translation.Set(alpha, "average.kind", "ema");
        translation.Set(alpha, "average.decay", alpha.Number, "it is evaluated and written, while Darknet goes on with it for the last 1000 updates");
        translation.Set(alpha, "average.after", net["max_batches"].Whole / 2, "half of max_batches");
    }
}
