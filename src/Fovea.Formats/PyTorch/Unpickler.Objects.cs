namespace Fovea.Formats.PyTorch;

internal sealed partial class Unpickler
{
    private bool Construct(char op)
    {
        switch (op)
        {
            case 'c': Push(Global(input.Line(), input.Line())); break;
            case '\x93': PushStackGlobal(); break;
            case 'R' or '\x81': PushCall(Pop<object?[]>("a tuple of arguments")); break;
            case '\x92':
                Pop();   // keyword arguments
                PushCall(Pop<object?[]>("a tuple of arguments"));
                break;
            case 'b': SetState(Pop()); break;
            case 'i':
                PopMarked();
                Push(new Opaque(NameOf(Global(input.Line(), input.Line()))));
                break;
            case 'o': Push(new Opaque(NameOf(PopMarked().FirstOrDefault()))); break;
            case 'Q': Push(Persistent(Pop<object?[]>("a persistent id"))); break;
            default: return false;
        }

        return true;
    }

    private object Global(string module, string name) => (globals ?? PickleGlobals.Find)(module, name)
        ?? throw input.Fail($"names {module}.{name}, which is not run; wanted numbers and arrays of them alone");

    /// <summary>BUILD: that of an array is kept; that of a state dict is <c>_metadata</c>, and of others nothing is kept.</summary>
    private void SetState(object? state)
    {
        if (_stack.Count > Floor && _stack[^1] is PickleInstance instance) instance.SetState(state, input.Fail);
    }

    private void PushStackGlobal()
    {
        var name = Pop<string>("the name of a global");
        Push(Global(Pop<string>("the module of a global"), name));
    }

    private void PushCall(object?[] arguments)
    {
        var callable = Pop();
        Push(Call(callable, arguments));
    }

    private object? Call(object? callable, object?[] arguments) => callable switch
    {
        Known.Dictionary => Dictionary(arguments),
        Known.Size when arguments is [object?[] extents] => extents,
        Known.Tensor when arguments is [PickleStorage storage, long offset, object?[] extents, object?[] strides, ..] =>
            new PickleTensor(storage, offset, extents, strides, DType: null),
        Known.TensorWithDType when arguments is [PickleStorage storage, long offset, object?[] extents, object?[] strides, _, _, TorchDType dtype, ..] =>
            new PickleTensor(storage, offset, extents, strides, dtype),
        Known.Tensor or Known.TensorWithDType when arguments is [Opaque storage, ..] => storage,
        Known.Parameter when arguments is [PickleTensor or Opaque, ..] => arguments[0],
        Known.FromType when arguments is [Known inner, TensorClass, object?[] innerArguments, ..] && inner != Known.FromType => Call(inner, innerArguments),
        Known.FromType when arguments is [_, var type, ..] => new Opaque(NameOf(type)),
        PickleCallable known => known.Call(arguments, input.Fail),
        Known known => throw input.Fail($"calls {known} with {arguments.Length} arguments that do not fit it"),
        Opaque opaque => opaque,
        _ => new Opaque(NameOf(callable)),
    };

    private PickleDict Dictionary(object?[] arguments)
    {
        var dictionary = new PickleDict();
        if (arguments is not [PickleList pairs]) return dictionary;   // a defaultdict has its factory here
        Spend(pairs.Items.Count);
        foreach (var pair in pairs.Items)
        {
            switch (pair)
            {
                case object?[] and [var key, var value]: Set(dictionary, key, value); break;
                case PickleList { Items: [var key, var value] }: Set(dictionary, key, value); break;
                default: throw input.Fail("makes a dictionary of something that is not pairs");
            }
        }

        return dictionary;
    }

    private object? Persistent(object?[] id) => id switch
    {
        ["storage", StorageType type, string key, _, long elements] => Storage(type, key, elements, offset: 0),
        ["storage", StorageType type, string key, _, long elements, null] => Storage(type, key, elements, offset: 0),
        ["storage", StorageType type, string key, _, long elements, object?[] and [string, long offset, long]] => Storage(type, key, elements, offset),
        ["storage", Opaque type, ..] => type,
        ["module", var type, ..] => type,   // a class with its source, as PyTorch before 1.6 kept them
        _ => throw input.Fail("has a persistent id that is neither a storage nor a module"),
    };

    private PickleStorage Storage(StorageType type, string key, long elements, long offset)
    {
        if (elements < 0) throw input.Fail($"has a storage of {elements} elements");
        if (storages is not null && !storages.TryAdd(key, type) && storages[key] != type)
            throw input.Fail($"has the storage '{key}' as torch.{storages[key].Name} and as torch.{type.Name}");
        return new(type, key, elements, offset);
    }

    private static string NameOf(object? callable) => callable switch
    {
        Opaque opaque => opaque.Global,
        StorageType storage => $"torch.{storage.Name}",
        TorchDType dtype => $"torch.{dtype.Name}",
        TensorClass tensor => tensor.Name,
        PickleCallable known => known.Name,
        Known known => $"{known}",
        _ => "something that is not a class",
    };
}
