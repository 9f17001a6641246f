using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Evaluation;
using Fovea.Training.Losses;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.Losses;

/// <summary>Losses that no fixture has, and what all have in common.</summary>
public class LossTests
{
    private const int Samples = 4;
    private const int Classes = 3;

    private static readonly double[] s_logits = [1, -0.5, 0.25, 0.1, 2, -1, -0.75, 0.5, 1.5, 0.2, 0.3, -0.4];
    private static readonly double[] s_teacher = [2, 0, 1, -1, 1.5, 0.5, 0.25, -0.5, 1, 1, -1, 0];
    private static readonly int[] s_labels = [0, 1, 2, 0];

    /// <summary>The squared distance of the logits to the target: a loss that a program brings along.</summary>
    private sealed record Brier : LossOptions
    {
        public override string Kind => "brier";

        public override Value PerSample(LossInputs inputs) => inputs.Logits.Softmax().Minus(inputs.Distribution).Square().Sum(1);
    }

    /// <summary>Those whose gradient is that of the loss; seesaw takes its weights for constant.</summary>
    public static TheoryData<string> Smooth => [.. LossOptions.Kinds.Select(loss => loss.Kind).Where(kind => kind != "seesaw")];

    public static TheoryData<string> Kinds => [.. LossOptions.Kinds.Select(loss => loss.Kind)];

    private static LossOptions Of(string kind) => LossOptions.Kinds.Single(loss => loss.Kind == kind);

    private static (Graph Graph, LossInputs Inputs) Inputs(bool soft = false)
    {
        var graph = new Graph("loss");
        var z = graph.Input("logits", TensorType.F32(Samples, Classes));
        return (graph, new(z, graph.Input("target", soft ? z.Type : new TensorType(DType.Int32, new Shape(Samples))), new() { ClassCounts = [10, 5, 3] }));
    }

    private static double[] Losses(LossOptions loss)
    {
        var (graph, inputs) = Inputs();
        var result = loss.PerSample(inputs);
        graph.Output("losses", result);
        return Interpreter.Run(graph, variable => Value(variable, s_logits))[result].Elements;
    }

    private static OracleTensor Value(Variable variable, double[] logits) => variable.Label switch
    {
        "logits" => new(variable.Type.Shape, [.. logits]),
        "target" => variable.Type.DType == DType.Int32
            ? new(variable.Type.Shape, [.. s_labels.Select(label => (double)label)])
            : new(variable.Type.Shape, [0.25, 0.25, 0.5, 1, 0, 0, 0, 0.3, 0.7, 0, 1, 0]),
        LossInputs.TeacherInput => new(variable.Type.Shape, [.. s_teacher]),
        _ => OracleTensor.From(variable.Type.DType == DType.Int32
            ? new HostTensor(variable.Type, [1, 0, 0, 0])
            : variable.Initial.Make(variable.Type.Shape, variable.Label, 0)),
    };

    [Theory]
    [MemberData(nameof(Smooth))]
    [Trait("row", "S0-14")]
    public void The_gradient_is_that_of_the_loss_for_classes_and_for_mixed_targets(string kind)
    {
        foreach (var soft in new[] { false, true })
        {
            var (graph, inputs) = Inputs(soft);
            var loss = Of(kind).PerSample(inputs).Mean();
            var gradient = Autodiff.Gradients(loss, [inputs.Logits])[0]!;
            graph.Output("loss", loss);
            graph.Output("gradient", gradient);
            double At(double[] logits) => Interpreter.Run(graph, variable => Value(variable, logits))[loss].Scalar;
            var found = Interpreter.Run(graph, variable => Value(variable, s_logits))[gradient].Elements;
            for (var i = 0; i < found.Length; i++)
            {
                double Moved(double by) => At([.. s_logits.Select((z, j) => i == j ? z + by : z)]);
                Assert.Equal((Moved(1e-5) - Moved(-1e-5)) / 2e-5, found[i], 1e-7);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_loss_trains_and_gets_smaller_and_says_the_same_in_another_run(string kind)
    {
        var recipe = Runs.Recipe(epochs: 6) with { Loss = Of(kind) };
        Assert.Equal(Trained(recipe), Trained(recipe));
        var losses = Trained(recipe);
        if (kind is not ("eqlv2" or "softmax_eql")) Assert.True(losses[^1] < losses[0], $"{kind}: {losses[0]} to {losses[^1]}");
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void In_bf16_the_arithmetic_of_a_loss_stays_float32(string kind)
    {
        var options = new TrainingGraphOptions { Loss = Of(kind), ClassCounts = [10, 5, 3], Precision = Precision.Bf16 };
        var graph = TrainingGraph.Build(TinyModel.Net(batch: 4), options).Graph;
        var images = graph.Nodes.Where(node => node.Result.Type.DType == DType.BFloat16).ToArray();
        Assert.NotEmpty(images);
        Assert.All(images, node => Assert.True(node.Result.Shape.Rank == 4, node.ToString()));
    }

    [Fact]
    public void A_loss_of_a_program_trains()
    {
        var losses = Trained(Runs.Recipe(epochs: 6) with { Loss = new Brier() });
        Assert.True(losses[^1] < losses[0]);
    }

    [Fact]
    [Trait("row", "S2-06")]
    public void SSLD_is_half_of_both_divergences()
    {
        var found = Losses(new SsldOptions());
        for (var n = 0; n < Samples; n++)
        {
            var (s, t) = (Softmax(s_logits, n), Softmax(s_teacher, n));
            Assert.Equal(Enumerable.Range(0, Classes).Sum(c => (t[c] * Math.Log(t[c] / s[c])) + (s[c] * Math.Log(s[c] / t[c]))) / 2, found[n], 1e-12);
        }
    }

    [Fact]
    public void DIST_is_what_student_and_teacher_do_not_correlate_by_rows_and_by_columns()
    {
        var s = Enumerable.Range(0, Samples).Select(n => Softmax(s_logits, n)).ToArray();
        var t = Enumerable.Range(0, Samples).Select(n => Softmax(s_teacher, n)).ToArray();
        var intra = Enumerable.Range(0, Classes).Average(c => 1 - Pearson([.. s.Select(row => row[c])], [.. t.Select(row => row[c])]));
        var found = Losses(new DistOptions { Inter = 2, Intra = 3, LabelWeight = 0 });
        for (var n = 0; n < Samples; n++) Assert.Equal((2 * (1 - Pearson(s[n], t[n]))) + (3 * intra), found[n], 1e-9);
    }

    [Fact]
    public void DIST_of_one_image_has_finite_gradients()
    {
        var graph = new Graph("one");
        var z = graph.Input("logits", TensorType.F32(1, Classes));
        var loss = new DistOptions().PerSample(new(z, graph.Input("target", new TensorType(DType.Int32, new Shape(1))), new())).Mean();
        var gradient = Autodiff.Gradients(loss, [z])[0]!;
        graph.Output("gradient", gradient);
        var results = Interpreter.Run(graph, variable => variable.Label switch
        {
            "logits" => new(variable.Type.Shape, s_logits[..3]),
            "target" => new(variable.Type.Shape, [1]),
            _ => new(variable.Type.Shape, s_teacher[..3]),
        });
        Assert.All(results[gradient].Elements, number => Assert.True(double.IsFinite(number)));
    }

    [Fact]
    public void Balanced_softmax_and_logit_adjustment_are_cross_entropy_of_logits_moved_by_the_prior()
    {
        var moved = Losses(new CrossEntropyOptions());
        double[] counts = [10, 5, 3];
        for (var n = 0; n < Samples; n++)
        {
            double Loss(double tau) => -Math.Log(Softmax([.. s_logits.Select((z, i) => z + (tau * Math.Log(counts[i % Classes])))], n)[s_labels[n]]);
            Assert.Equal(Loss(1), Losses(new BalancedSoftmaxOptions())[n], 1e-6);
            Assert.Equal(Loss(1), Losses(new LogitAdjustmentOptions())[n], 1e-6);
            Assert.Equal(Loss(0.5), Losses(new LogitAdjustmentOptions { Tau = 0.5 })[n], 1e-6);
            Assert.Equal(Loss(0), moved[n], 1e-12);
        }
    }

    [Fact]
    public void Seesaw_follows_the_formula_with_counts_of_this_batch_already_and_takes_its_weights_for_constant()
    {
        double[] counts = [2, 1, 1];
        var (graph, inputs) = Inputs();
        var losses = new SeesawOptions().PerSample(inputs);
        var gradient = Autodiff.Gradients(losses.Sum(), [inputs.Logits])[0]!;
        graph.Output("losses", losses);
        graph.Output("gradient", gradient);
        var results = Interpreter.Run(graph, variable => Value(variable, s_logits));
        for (var n = 0; n < Samples; n++)
        {
            var (p, y) = (Softmax(s_logits, n), s_labels[n]);
            var moved = Enumerable.Range(0, Classes).Select(j => s_logits[(n * Classes) + j] + (j == y ? 0
                : (0.8 * Math.Log(Math.Min(1, counts[j] / counts[y]))) + (2 * Math.Log(Math.Max(1, p[j] / Math.Max(p[y], 0.01)))))).ToArray();
            var q = Softmax(moved, 0);
            Assert.Equal(-Math.Log(q[y]), results[losses][n], 1e-12);
            for (var j = 0; j < Classes; j++) Assert.Equal(q[j] - (j == y ? 1 : 0), results[gradient][(n * Classes) + j], 1e-12);
        }
    }

    [Fact]
    public void Binary_cross_entropy_weighs_right_classes_and_cuts_targets_at_a_threshold()
    {
        var positive = Losses(new BceOptions { PositiveWeights = [3, 3, 3], SumClasses = true });
        var smoothed = Losses(new BceOptions { LabelSmoothing = 0.3, TargetThreshold = 0.2, SumClasses = true });
        for (var n = 0; n < Samples; n++)
        {
            double Loss(double right) => Enumerable.Range(0, Classes).Sum(c =>
            {
                var p = 1 / (1 + Math.Exp(-s_logits[(n * Classes) + c]));
                return c == s_labels[n] ? -right * Math.Log(p) : -Math.Log(1 - p);
            });
            Assert.Equal(Loss(3), positive[n], 1e-12);
            Assert.Equal(Loss(1), smoothed[n], 1e-12);
        }
    }

    [Fact]
    public void Deferred_weights_set_in_at_their_epoch()
    {
        var options = new TrainingGraphOptions { Loss = new LdamOptions { ReweightFrom = 1.5 }, ClassCounts = [10, 5, 3] };
        foreach (var step in new[] { TrainingGraph.Build(TinyModel.Net(4), options), TrainingGraph.BuildGradients(TinyModel.Net(4), options, 0, 0) })
        {
            var number = step.Numbers.Single(number => number.Name == "loss_reweight");
            Assert.Equal([0, 0, 1, 1], new[] { 0, 2, 3, 9 }.Select(at => number.At(new(at + 1, 0.1, Run: new(at, 2, 5)))));
        }

        var never = Trained(Runs.Recipe(epochs: 3) with { Loss = new LdamOptions() });
        var late = Trained(Runs.Recipe(epochs: 3) with { Loss = new LdamOptions { ReweightFrom = 2, Beta = 0.9 } });
        Assert.Equal(never[..2], late[..2]);
        Assert.NotEqual(never[2], late[2]);
    }

    [Fact]
    [Trait("row", "S0-14")]
    public void Side_heads_count_by_the_weight_of_the_recipe_or_their_own()
    {
        double Loss(double? weight)
        {
            var graph = new Graph("heads");
            var x = graph.Input("input", TensorType.F32(2, 3));
            var z = x.Times(graph.Parameter("w", new Shape(3), Initializer.Ones));
            graph.Output("logits", z);
            graph.Auxiliary("aux", z.Times(0.5), 0.25);
            var step = TrainingGraph.Build(graph, new() { Loss = new CrossEntropyOptions { AuxiliaryWeight = weight } }).Graph;
            var results = Interpreter.Run(step, variable => new(
                variable.Type.Shape,
                variable.Label == "target" ? [0, 2] : [.. Enumerable.Range(1, (int)variable.Type.Shape.Elements).Select(i => (double)i)]));
            return results[step.Output("loss")].Scalar;
        }

        var (none, one) = (Loss(0), Loss(1));
        Assert.True(one > none);
        Assert.Equal(none + (0.25 * (one - none)), Loss(null), 1e-6);
    }

    [Fact]
    public void What_a_loss_wants_and_does_not_get_is_told()
    {
        Trainer Without(string kind) => new(Runs.Options(Runs.Recipe() with { Loss = Of(kind) }) with { ClassCounts = [], Teacher = null });
        Assert.Equal(
            "loss.kind ldam wants to know how many training images each of 3 classes has; given are 0 numbers",
            Assert.Throws<TrainingException>(() => Without("ldam")).Message);
        Assert.Equal(
            "loss.kind kd wants a teacher; none is given (loss.teacher, or TrainerOptions.Teacher)",
            Assert.Throws<RecipeException>(() => Without("kd")).Message);
    }

    [Fact]
    public void A_model_teaches_what_it_makes_of_the_batches_of_the_student_full_or_not()
    {
        var options = Runs.Options(Runs.Recipe());
        using var trained = new Trainer(options);
        trained.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        using var teacher = new ModelTeacher(options.Backend, batch => TinyModel.Net(batch), trained.Session.Weights(TinyModel.Net(1)), batchSize: 4);
        var seen = new List<float>();
        foreach (var batch in Runs.Validation.Epoch(0, stop: TestContext.Current.CancellationToken))
        {
            var logits = new float[batch.Count * Classes];
            teacher.Teach(batch, logits);
            seen.AddRange(logits);
            Assert.Throws<ArgumentException>(() => teacher.Teach(batch, new float[logits.Length - 1]));
        }

        Assert.Equal(9 * Classes, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        using var student = new Trainer(options with { Recipe = options.Recipe with { Loss = new KdOptions { Alpha = 1 } }, Teacher = teacher.Teach });
        Assert.Equal(TrainingEnd.Finished, student.Run(new RecordingLog(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_list_of_another_length_than_the_classes_is_told()
    {
        var options = Runs.Options(Runs.Recipe() with { Loss = new CrossEntropyOptions { ClassWeights = [1, 2] } });
        Assert.Equal(
            "loss.class_weights: a list of 2; wanted 3 numbers, one for each class of the data",
            Assert.Throws<RecipeException>(() => new Trainer(options)).Message);
        Assert.Equal(
            "loss.class_weights has 2 numbers; there are 3 classes, wanted as many",
            Assert.Throws<TrainingException>(() => TrainingGraph.Build(TinyModel.Net(4), new() { Loss = options.Recipe.Loss })).Message);
        options = Runs.Options(Runs.Recipe() with { Loss = new CrossEntropyOptions { CustomL2 = 1 } });
        Assert.Equal(
            "loss.custom_l2: the model tiny sums no 3×3 and 1×1 convolutions; wanted a RepVGG, or custom_l2: 0",
            Assert.Throws<TrainingException>(() => new Trainer(options)).Message);
    }

    [Fact]
    public void Balanced_classes_weigh_in_inverse_proportion_to_their_images()
    {
        double[] Of(CrossEntropyOptions loss) => Trained(Runs.Recipe(epochs: 2) with { Loss = loss });
        // 10, 5 and 3 images: 18 / (3 · n).
        Assert.Equal(Of(new() { ClassWeights = [0.6, 1.2, 2] }), Of(new() { ClassBalance = 1 }));
        Assert.Equal(Of(new() { ClassWeights = [Math.Sqrt(0.6), Math.Sqrt(1.2), Math.Sqrt(2)] }), Of(new() { ClassBalance = 0.5 }));
        Assert.NotEqual(Of(new()), Of(new() { ClassBalance = 1 }));
        var problem = Assert.Single((Runs.Recipe() with { Loss = new CrossEntropyOptions { ClassBalance = 1, ClassWeights = [1, 2, 3] } }).Validate());
        Assert.Equal("loss.class_balance: 1 beside class_weights; wanted either of them", problem.ToString());
    }

    private static double[] Trained(TrainRecipe recipe)
    {
        using var trainer = new Trainer(Runs.Options(recipe));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        return [.. log.Epochs.Select(epoch => epoch.TrainLoss)];
    }

    private static double[] Softmax(double[] logits, int n)
    {
        var row = logits.Skip(n * Classes).Take(Classes).Select(Math.Exp).ToArray();
        return [.. row.Select(x => x / row.Sum())];
    }

    private static double Pearson(double[] a, double[] b)
    {
        var (x, y) = (a.Select(v => v - a.Average()).ToArray(), b.Select(v => v - b.Average()).ToArray());
        return x.Zip(y, (p, q) => p * q).Sum() / Math.Sqrt(x.Sum(v => v * v) * y.Sum(v => v * v));
    }
}
