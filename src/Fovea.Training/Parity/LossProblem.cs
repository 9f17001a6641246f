using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Losses;

namespace Fovea.Training.Parity;

/// <summary>A loss by itself: logits that are given, in place of a model's.</summary>
internal sealed class LossProblem : IDisposable
{
    private const string Logits = "logits";
    private const string Target = "target";
    private const string Loss = "loss";
    private const string Gradient = "gradient";

    private readonly ISession _session;
    private readonly IExecutable _plan;
    private readonly bool _isSoft;
    private readonly bool _hasTeacher;
    private readonly int _samples;

    /// <summary>Compiles loss and gradient.</summary>
    /// <param name="backend">What computes them.</param>
    /// <param name="samples">N.</param>
    /// <param name="classes">C.</param>
    /// <param name="soft">Whether the target is a weight for each class.</param>
    /// <param name="isSum">Whether the losses of a batch are summed, and not averaged.</param>
    /// <param name="loss">The loss of each image.</param>
    /// <param name="counts">How many training images each class has.</param>
    internal LossProblem(
        IBackend backend, int samples, int classes, bool soft, bool isSum, Func<LossInputs, Value> loss, IReadOnlyList<int> counts)
    {
        var shape = new Shape(samples, classes);
        var graph = new Graph("loss");
        var z = graph.Input(Logits, new TensorType(DType.Float32, shape));
        var target = graph.Input(Target, soft ? z.Type : new TensorType(DType.Int32, new Shape(shape[0])));
        var losses = loss(new(z, target, new() { ClassCounts = counts, Number = (name, at) => graph.Constant((float)at(new(0, 1, 1))) }));
        var total = isSum ? losses.Sum() : losses.Mean();
        graph.Output(Loss, total);
        graph.Output(Gradient, Autodiff.Gradients(total, [z])[0] ?? throw new GraphException("the loss does not depend on the logits"));
        (_isSoft, _hasTeacher, _samples, _session) = (soft, graph.Find(LossInputs.TeacherInput) is not null, shape[0], backend.Open());
        _plan = _session.Compile(new PassDriver().Run(graph, new EliminateDeadNodes()));
    }

    /// <summary>The loss of a batch, and its gradient by the logits.</summary>
    internal (double Loss, float[] Gradient) Run(double[] logits, double[] target, double[] teacher)
    {
        Copy(logits, _plan.Floats(Logits));
        if (_isSoft) Copy(target, _plan.Floats(Target));
        else
            for (var n = 0; n < _samples; n++) _plan.Ints(Target)[n] = (int)target[n];
        if (_hasTeacher) Copy(teacher, _plan.Floats(LossInputs.TeacherInput));
        _plan.Run();
        return (_plan.Result(Loss)[0], _plan.Result(Gradient).ToArray());
    }

    /// <summary>What the loss remembers of each class.</summary>
    internal float[] State(string name) => _session.Read(LossInputs.StatePrefix + name).Floats.ToArray();

    public void Dispose()
    {
        _plan.Dispose();
        _session.Dispose();
    }

    private static void Copy(double[] from, Span<float> to)
    {
        if (from.Length != to.Length) throw new ShapeException($"{from.Length} numbers where {to.Length} are wanted");
        for (var i = 0; i < to.Length; i++) to[i] = (float)from[i];
    }
}
